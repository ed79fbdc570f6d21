import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EngineName, findEngine } from '../../../lib/engines';
import { engineSpecs } from '../../../lib/engines/engine';

/** A program of this machine, with as much as it needs of the image that it stands in for. */
export interface Program {
  /** Path on this machine. */
  readonly source: string;
  /** Path in the image. */
  readonly path: string;
  /** The image's `WORKDIR`. @default '/' */
  readonly workingDir?: string;
  /** The image's `CMD`, for pods without arguments. @default none */
  readonly args?: readonly string[];
  /** Text files of the image by their paths. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

/** The image's `WORKDIR`, where that is not the root. */
const WORKING_DIRS: Partial<Record<EngineName, string>> = { alertmanager: '/alertmanager' };

/** @throws if it is only in an image: pods run programs of this machine */
export async function engineProgram(name: EngineName): Promise<Program> {
  const { path, image } = await findEngine(name);
  const { docker, variable } = engineSpecs[name];
  if (image !== undefined) throw new Error(`${name} is in an image; set ${variable}`);
  return { source: path, path: docker.path, workingDir: WORKING_DIRS[name] };
}

/** Debian's nginx with the configuration of the image `nginxinc/nginx-unprivileged`, whose log goes to the container's. */
export function nginxProgram(source: string): Program {
  const temporary = ['proxy', 'client_body', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path /tmp/${kind}_temp;`,
  );
  return {
    source,
    path: '/usr/sbin/nginx',
    args: ['-g', 'daemon off;'],
    files: {
      '/etc/nginx/nginx.conf': [
        'worker_processes auto;',
        'error_log stderr notice;',
        'pid /tmp/nginx.pid;',
        'events {',
        '  worker_connections 1024;',
        '}',
        'http {',
        ...temporary,
        '  access_log /dev/stdout;',
        '  sendfile on;',
        '  keepalive_timeout 65;',
        '  include /etc/nginx/conf.d/*.conf;',
        '}',
      ].join('\n'),
    },
  };
}

/** Puts a program's files into the root of the container in this folder. */
export function writeImageFiles(dir: string, { files = {} }: Program): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(dir, 'rootfs', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
