/**
 * Checks the manifests with kubeconform, for unknown fields, and kube-score, for best practices. Go builds both once
 * into its cache; afterwards no network is needed.
 *
 *     npm run check:manifests [-- <folder>…]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';

const SCHEMAS = join(__dirname, 'schemas/{{.ResourceKind}}{{.KindSuffix}}.json');

const given = process.argv.slice(2);
const folders = given.length > 0 ? given : globSync(['dist', 'examples/**/dist'], { onlyDirectories: true });

const clean = folders.map((folder) => {
  process.stdout.write(`\n${folder}\n`);
  const files = readdirSync(folder).map((file) => resolve(folder, file));
  const conform = goTool('kubeconform', '-strict', '-summary', '-schema-location', SCHEMAS, ...files);
  const score = goTool('kube-score', 'score', '--kubernetes-version', 'v1.34', ...files);
  return conform && score;
});
process.exitCode = clean.every(Boolean) ? 0 : 1;

/** Runs a tool of the go.mod in this folder. @returns true if it reports no problem */
function goTool(...command: string[]): boolean {
  const { error, status } = spawnSync('go', ['-C', __dirname, 'tool', ...command], { stdio: 'inherit' });
  if (error) throw new Error(`can't run Go, which builds ${command[0]}: ${error.message}: install Go`);
  return status === 0;
}
