import type { k8s } from 'cdk8s-plus-27';

/** Key of the Secret with Alertmanager's web configuration, which has the hash of the password. */
export const WEB_CONFIG_KEY = 'web.yml';

/** Keys of the Secret with what Alertmanager's clients send. */
export const USERNAME_KEY = 'username';
export const PASSWORD_KEY = 'password';

/** Environment variables of Loki's ruler, which its configuration names. */
const USERNAME = 'ALERTMANAGER_USERNAME';
const PASSWORD = 'ALERTMANAGER_PASSWORD';

export function basicAuthEnv(secret: string): k8s.EnvVar[] {
  return [
    { name: USERNAME, valueFrom: { secretKeyRef: { name: secret, key: USERNAME_KEY } } },
    { name: PASSWORD, valueFrom: { secretKeyRef: { name: secret, key: PASSWORD_KEY } } },
  ];
}

/**
 * Loki's `ruler.alertmanager_client`. Loki reads the password from no file; `-config.expand-env` fills it in.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/#ruler
 */
export const RULER_BASIC_AUTH = {
  basic_auth_username: `\${${USERNAME}}`,
  basic_auth_password: `\${${PASSWORD}}`,
};
