import { statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { globSync } from 'tinyglobby';
import { type Finding, finding } from '../checks/findings';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { appAbove, readConfig } from './app';
import { compareFolders } from './compare-folders';
import { runApp } from './run-app';

/** An app, and the folder that it writes. */
export interface WritingApp {
  /** Command that writes the manifests. */
  readonly app: string;
  /** Folder of its cdk8s.yaml, absolute. */
  readonly folder: string;
  /** Folder of its manifests, absolute. */
  readonly output: string;
}

/** Returns the app whose output folder a file is in; undefined if no app writes the file. */
export function appWriting(file: string): WritingApp | undefined {
  const config = appAbove(dirname(resolve(file)));
  const read = config === undefined ? undefined : readConfig(config);
  if (config === undefined || read === undefined || 'id' in read) return undefined;
  const folder = dirname(config);
  const output = resolve(folder, read.output);
  return resolve(file).startsWith(output + sep) ? { app: read.app, folder, output } : undefined;
}

/** Files that an app may read when it is synthesized. */
const SOURCES = '**/*.{ts,mts,cts,js,mjs,cjs,json,yaml,yml,tmpl}';

/**
 * Returns findings on manifests that their apps do not write as they are. An app is run, into a temporary folder, only
 * if one of its files is newer than the manifests.
 */
export async function staleManifests(files: readonly string[]): Promise<Finding[]> {
  const written = new Map<string, { readonly app: WritingApp; readonly files: string[] }>();
  for (const file of files) {
    const app = appWriting(file);
    if (!app) continue;
    const own = written.get(app.output) ?? { app, files: [] };
    own.files.push(resolve(file));
    written.set(app.output, own);
  }
  const findings: Finding[] = [];
  for (const { app, files: own } of written.values())
    if (hasNewerSource(app, own)) findings.push(...(await compared(app, own)));
  return findings;
}

function hasNewerSource({ folder, output }: WritingApp, files: readonly string[]): boolean {
  const oldest = Math.min(...files.map((file) => statSync(file).mtimeMs));
  const ignore = ['**/node_modules/**', `${relative(folder, output)}/**`, '**/*.test.{yaml,yml,ts,js}'];
  return globSync(SOURCES, { cwd: folder, absolute: true, ignore }).some((file) => statSync(file).mtimeMs > oldest);
}

async function compared({ app, folder, output }: WritingApp, files: readonly string[]): Promise<Finding[]> {
  const temp = makeTempFolder();
  try {
    const fresh = join(temp, 'dist');
    const { failure } = await runApp(app, folder, fresh);
    const config = relative(process.cwd(), join(folder, 'cdk8s.yaml'));
    if (failure !== undefined)
      return [finding('app-synth', { problem: `the app failed: ${failure}`, place: { file: config } })];
    const written = globSync('**', { cwd: fresh });
    const names = files.map((file) => relative(output, file));
    const stale = compareFolders({
      committed: output,
      fresh,
      files: [names, written.filter((each) => names.includes(each))],
    });
    return stale.map(({ file, problem, line }) =>
      finding('dist-stale', {
        problem,
        fix: `run cdk8s synth in ${relative(process.cwd(), folder) || '.'}, so that the tests run its current rules in ${basename(output)}`,
        place: { file: relative(process.cwd(), join(output, file)), line },
      }),
    );
  } finally {
    removeTempFolder(temp);
  }
}
