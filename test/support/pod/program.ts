import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EngineName, findEngine } from '../../../lib/engines';
import { engineSpecs } from '../../../lib/engines/engine';

/** A program on this machine, with the parts that it needs of the image it replaces. */
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

/** The image's `WORKDIR`, if it is not the root. */
const WORKING_DIRS: Partial<Record<EngineName, string>> = { alertmanager: '/alertmanager' };

/** Finds the program of an engine. @throws if it exists only in an image, because pods run programs on this machine */
export async function engineProgram(name: EngineName): Promise<Program> {
  const { path, image } = await findEngine(name);
  const { docker, variable } = engineSpecs[name];
  if (image !== undefined) throw new Error(`${name} is in an image: set ${variable}`);
  return { source: path, path: docker.path, workingDir: WORKING_DIRS[name] };
}

/** Debian's nginx with the configuration of the image `nginxinc/nginx-unprivileged`, which logs to the container's log. */
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

/** Writes a program's files to the container's root file system in a folder. */
export function writeImageFiles(dir: string, { files = {} }: Program): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(dir, 'rootfs', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
