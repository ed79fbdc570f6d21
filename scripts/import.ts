/**
 * `npm run import -- servicemonitors.yaml podmonitors.yaml`: generates the classes in imports/ from files with custom
 * resource definitions, without a network. The files are in each release of the Prometheus Operator:
 * https://github.com/prometheus-operator/prometheus-operator/tree/main/example/prometheus-operator-crd
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

function main(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write('usage: npm run import -- <files with CustomResourceDefinitions>\n');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-import-'));
  try {
    // cdk8s writes one module per API group, and a later file of the same group would overwrite an earlier one.
    const all = join(folder, 'crds.yaml');
    writeFileSync(all, files.map((file) => readFileSync(file, 'utf8')).join('\n---\n'));
    const cli = join(dirname(require.resolve('cdk8s-cli/package.json')), 'bin', 'cdk8s');
    const args = ['import', all, '--language', 'typescript', '--output', 'imports', '--no-save'];
    const env = { CDK8S_CHECK_UPGRADE: 'false', ...process.env };
    return spawnSync(process.execPath, [cli, ...args], { stdio: 'inherit', env }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv.slice(2));
