import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PACKAGE_FOLDER } from '../versions/package-folder';
import { cached, cachePath } from './cache';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { NotFound } from './not-found';
import { type Output, runCommand } from './run';

/** Milliseconds between progress messages of a build. */
const PROGRESS_MS = 15_000;

/**
 * Returns the pinned version, built once with Go from the modules that `engines` pins by hash. Any Go since 1.21 works:
 * it downloads the toolchain that go.mod requires.
 */
export async function builtByGo(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { version } = engineSpecs[name].go;
  const toolchain = await go(['version'], PACKAGE_FOLDER).catch(() => undefined);
  if (toolchain?.code !== 0) return new NotFound('go is not on PATH');
  const make = (folder: string, scratch: string) => build(name, join(folder, name), scratch, progress);
  try {
    const folder = await cached(cacheName(name), progress, make);
    return { name, version, source: 'go', path: join(folder, name) };
  } catch (error) {
    // A Go too old to download a newer one, or no access to the module proxy: Debian may still have the engine.
    const { message } = error as Error;
    progress(message);
    return new NotFound(message);
  }
}

/** Returns the pinned version if an earlier run has built it. */
export async function builtEarlier(name: EngineName): Promise<Engine | NotFound> {
  const { version } = engineSpecs[name].go;
  const path = join(cachePath(cacheName(name)), name);
  return existsSync(path) ? { name, version, source: 'go', path } : new NotFound('not built yet');
}

/**
 * Name of the folder in the cache. A program that is generated here has components of its own, which its version does not
 * name: their versions do, by a hash.
 */
function cacheName(name: EngineName): string {
  const { module, package: program, version } = engineSpecs[name].go;
  if (program !== '.') return `${name}-${version}`;
  const pins = readFileSync(join(PACKAGE_FOLDER, 'engines', module, 'go.mod'));
  return `${name}-${version}-${createHash('sha256').update(pins).digest('hex').slice(0, 8)}`;
}

async function build(name: EngineName, output: string, scratch: string, progress: OnProgress): Promise<void> {
  const spec = engineSpecs[name].go;
  const start = Date.now();
  const elapsed = () => `${Math.round((Date.now() - start) / 1000)} s`;
  progress(`building ${name} ${spec.version} with Go, the first time only: about ${spec.minutes} minutes on two cores`);
  const timer = setInterval(() => progress(`still building ${name} ${spec.version}: ${elapsed()}`), PROGRESS_MS);
  try {
    let module = join(PACKAGE_FOLDER, 'engines', spec.module);
    if (spec.webUi) module = await withWebUi(module, spec.webUi, scratch);
    const linker = spec.versionSymbol ? `-s -w -X ${spec.versionSymbol}=${spec.version}` : '-s -w';
    await goOrThrow(
      ['build', '-trimpath', '-tags', 'netgo', '-ldflags', linker, '-o', output, spec.package],
      module,
      scratch,
    );
    progress(`built ${name} ${spec.version} in ${elapsed()}`);
  } finally {
    clearInterval(timer);
  }
}

/**
 * Copies a Go module and the engine's source, and puts a page in place of each web UI: the module proxy does not have
 * the built UIs of a release, and the program does not compile without a file there.
 * @returns the folder to build in
 */
async function withWebUi(
  module: string,
  { source, pages }: { readonly source: string; readonly pages: readonly string[] },
  scratch: string,
): Promise<string> {
  const copy = join(scratch, 'module');
  copyFiles(module, copy);
  await goOrThrow(['mod', 'download', source], copy, scratch);
  const { stdout } = await goOrThrow(['list', '-m', '-f', '{{.Dir}}', source], copy, scratch);
  copyFiles(stdout.trim(), join(copy, 'source'));
  for (const page of pages.map((file) => join(copy, 'source', file))) {
    mkdirSync(dirname(page), { recursive: true });
    // Alertmanager only serves compressed files.
    writeFileSync(page, gzipSync(readFileSync(join(module, 'index.html'))));
  }
  await goOrThrow(['mod', 'edit', '-replace', `${source}=./source`], copy, scratch);
  return copy;
}

/** Copies contents without file modes: Go's module cache is read-only, and so would be the copy. */
function copyFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const copy = join(to, file.slice(from.length));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(file));
  }
}

async function goOrThrow(args: readonly string[], cwd: string, scratch: string): Promise<Output> {
  const output = await go(args, cwd, scratch);
  if (output.code !== 0) {
    const end = output.stderr.trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`go ${args[0]} failed with exit code ${output.code} in ${cwd}:\n${end}`);
  }
  return output;
}

function go(args: readonly string[], cwd: string, scratch?: string): Promise<Output> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // Static: the program runs on any Linux, and the build needs no C compiler.
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GOWORK: 'off',
  };
  // A killed Go leaves its work folder behind.
  if (scratch !== undefined) env.GOTMPDIR = scratch;
  return runCommand({ command: 'go', args }, { cwd, env });
}
