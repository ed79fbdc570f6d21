import type { k8s } from 'cdk8s-plus-27';
import { PASSWORD_KEY, USERNAME_KEY } from './basic-auth';

/** Credentials of a client, and the CA of its server, each in a Secret of the client's namespace. */
export interface ClientAuth {
  /** Secret with the keys `username` and `password`. @default none */
  readonly basicAuthSecret?: string;
  /** Secret with the key `token`, a bearer token. @default none */
  readonly tokenSecret?: string;
  /** Secret with the key `ca.crt`, certificates in PEM. @default the CAs in the image */
  readonly caSecret?: string;
}

/** Paths of the files in the pods. */
export interface ClientAuthFiles {
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly ca?: string;
}

/** Keys of the Secrets, by file. */
const KEYS = { username: USERNAME_KEY, password: PASSWORD_KEY, token: 'token', ca: 'ca.crt' } as const;

/**
 * Returns the files of a client, and a volume with all of them. Programs read such files again after a change of the
 * Secret, so a new password needs no restart.
 *
 * @param path mount path of the volume
 */
export function clientAuth(auth: ClientAuth = {}, path: string) {
  const { basicAuthSecret, tokenSecret, caSecret } = auth;
  const secretOf = { username: basicAuthSecret, password: basicAuthSecret, token: tokenSecret, ca: caSecret };
  const files: ClientAuthFiles = Object.fromEntries(
    Object.entries(KEYS).flatMap(([file, key]) =>
      secretOf[file as keyof typeof KEYS] ? [[file, `${path}/${key}`]] : [],
    ),
  );
  const sources = [
    { name: basicAuthSecret, keys: [KEYS.username, KEYS.password] },
    { name: tokenSecret, keys: [KEYS.token] },
    { name: caSecret, keys: [KEYS.ca] },
  ].flatMap(({ name, keys }) =>
    name === undefined ? [] : [{ secret: { name, items: keys.map((key) => ({ key, path: key })) } }],
  );
  const volume: k8s.Volume | undefined = sources.length > 0 ? { name: 'loki-auth', projected: { sources } } : undefined;
  return { files, volumes: volume ? [volume] : [], readOnly: volume ? { [path]: volume.name } : {} };
}
