import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Runs each test with empty folders for programs and caches: PATH is one folder, and no variable names an engine.
 * @returns the folder of the current test
 */
export function useEmptyMachine(): { readonly dir: string; addProgram(path: string, shell: string): string } {
  const machine = {
    dir: '',
    addProgram(path: string, shell: string): string {
      const file = join(machine.dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\n${shell}\n`);
      chmodSync(file, 0o755);
      return file;
    },
  };
  const before = { ...process.env };
  beforeEach(() => {
    machine.dir = mkdtempSync(join(tmpdir(), 'engines-test-'));
    mkdirSync(join(machine.dir, 'bin'));
    process.env.PATH = join(machine.dir, 'bin');
    process.env.XDG_CACHE_HOME = join(machine.dir, 'cache');
    for (const name of ['LOKI', 'PROMTAIL', 'OTELCOL', 'ALERTMANAGER', 'PROMTOOL', 'AMTOOL', 'MINIO'])
      delete process.env[`${name}_BIN`];
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(machine.dir, { recursive: true });
  });
  return machine;
}

/** Returns a shell script that prints the engine's version. */
export function versionScript(name: string, version: string): string {
  return `echo '${name}, version ${version} (branch: HEAD, revision: 0)'`;
}
