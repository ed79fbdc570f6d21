/**
 * `npm run import -- servicemonitors.yaml podmonitors.yaml`: generates the classes in imports/ from files with custom
 * resource definitions, without a network. The files are in each release of the Prometheus Operator:
 * https://github.com/prometheus-operator/prometheus-operator/tree/main/example/prometheus-operator-crd
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const OUTPUT = 'imports';
const ROOT = join(__dirname, '..');

const USAGE = `usage: npm run import -- <files with CustomResourceDefinitions>

Generates a TypeScript module for each API group of the files, and writes it to ${OUTPUT}/.
`;

function main(args: readonly string[]): number {
  let files: readonly string[];
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (positionals.length === 0) throw new Error('expected at least one file');
    files = positionals;
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const read = files.map(readDefinitions);
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) {
    process.stderr.write(problems.map((problem) => `error: ${problem}\n`).join(''));
    return 2;
  }
  return generate(read.map(({ text }) => text));
}

interface Definitions {
  readonly text: string;
  readonly problem?: string;
}

/** @param file path relative to the folder where npm was called */
function readDefinitions(file: string): Definitions {
  try {
    const text = readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), file), 'utf8');
    const isDefinition = /\bCustomResourceDefinition\b/.test(text);
    return isDefinition ? { text } : { text, problem: `${file} has no CustomResourceDefinition` };
  } catch (error) {
    return { text: '', problem: `${file} cannot be read: ${(error as Error).message}` };
  }
}

function generate(texts: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-import-'));
  try {
    // cdk8s writes one module per API group, and a later file of the same group would overwrite an earlier one.
    const all = join(folder, 'crds.yaml');
    writeFileSync(all, texts.join('\n---\n'));
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const written = join(folder, OUTPUT);
    const args = ['import', all, '--language', 'typescript', '--output', written, '--no-save'];
    const env = { CDK8S_CHECK_UPGRADE: 'false', ...process.env };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env });
    if (status !== 0) {
      // Without the places in the CLI's code.
      const reason = stderr.replace(/^\s+at .*\n/gm, '');
      process.stderr.write(`${reason}error: cdk8s import failed; ${OUTPUT} is unchanged\n`);
      return status ?? 1;
    }
    process.stdout.write(stdout);
    cpSync(written, join(ROOT, OUTPUT), { recursive: true });
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv.slice(2));
