import type { Construct } from 'constructs';
import { Program } from 'loki-alerts';

export interface GotifyServerProps {
  /** Secret whose key `password` is the initial password of the user `admin`. */
  readonly adminSecret: string;
}

/**
 * Gotify server on SQLite, which only supports a single replica.
 * @see https://gotify.net/docs/config
 */
export class GotifyServer extends Program {
  constructor(scope: Construct, id: string, { adminSecret }: GotifyServerProps) {
    super(scope, id, {
      role: 'message-server',
      // Never run by this project.
      image: 'gotify/server:2.6.3',
      // The image sets no user and would run as root. Any user can read its program and write its own volume.
      user: 10001,
      ports: { http: 8080 },
      // Not measured: enough for a Go program with SQLite, which needs CPU for password hashes only at a login.
      resources: { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' },
      go: true,
      env: [
        { name: 'GOTIFY_SERVER_PORT', value: '8080' },
        { name: 'GOTIFY_DEFAULTUSER_PASS', valueFrom: { secretKeyRef: { name: adminSecret, key: 'password' } } },
      ],
      // It fails with the database too. A restart would not fix that, so only the readiness probe uses it.
      readinessPath: '/health',
      livenessPath: '/version',
      // Default folder of Gotify's database, images and plugins: messages are text, images take a few hundred KiB each.
      disk: { path: '/app/data', storage: '1Gi' },
      // For SQLite's large sorts, because the root file system is read-only.
      tmp: '32Mi',
    });
  }
}
