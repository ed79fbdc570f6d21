import type { BasicAuthKeys } from './monitors';
import type { EnvVar } from './pod-fields';

/** Key of the Secret for Alertmanager's web configuration, which contains the hash of the password. */
export const WEB_CONFIG_KEY = 'web.yml';

/** Keys of the Secret for the credentials of Alertmanager's clients. */
export const USERNAME_KEY = 'username';
export const PASSWORD_KEY = 'password';

/** Returns the keys of the Secret, for a Prometheus that scrapes Alertmanager. */
export function basicAuthKeys(secret: string): BasicAuthKeys {
  return { secret, username: USERNAME_KEY, password: PASSWORD_KEY };
}

/** Environment variables of Loki's ruler, which its configuration refers to. */
const USERNAME = 'ALERTMANAGER_USERNAME';
const PASSWORD = 'ALERTMANAGER_PASSWORD';

export function basicAuthEnv(secret: string): EnvVar[] {
  return [
    { name: USERNAME, valueFrom: { secretKeyRef: { name: secret, key: USERNAME_KEY } } },
    { name: PASSWORD, valueFrom: { secretKeyRef: { name: secret, key: PASSWORD_KEY } } },
  ];
}

/**
 * Loki's `ruler.alertmanager_client`. Loki cannot read the password from a file; `-config.expand-env` inserts it.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/#ruler
 */
export const RULER_BASIC_AUTH = {
  basic_auth_username: `\${${USERNAME}}`,
  basic_auth_password: `\${${PASSWORD}}`,
};
