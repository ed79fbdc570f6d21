import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { globSync } from 'tinyglobby';
import ts from 'typescript';

/** Entry points of the package, as examples import them. */
const MODULES: Readonly<Record<string, string>> = { 'loki-alerts': '../../lib', 'loki-alerts/rules': '../../rules' };

/** Runs the code of a cdk8s app, and returns its files. */
export function runExample(code: string): Readonly<Record<string, string>> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const outdir = mkdtempSync(join(tmpdir(), 'example-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', 'console', outputText)(
      (name: string) => require(MODULES[name] ?? name),
      {},
      { log: () => {} },
    );
    return Object.fromEntries(
      globSync('*.yaml', { cwd: outdir, absolute: true }).map((path) => [basename(path), readFileSync(path, 'utf8')]),
    );
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
}
