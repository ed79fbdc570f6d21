import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import * as library from '../../lib';
import { CHECK_TOPICS, type CheckId } from '../../lib/checks';
import type { Finding } from '../../lib/checks/findings';
import { checkPageText } from '../../lib/checks/pages';
import { loadTests } from '../../lib/cli/test';
import { checkApp, findApps } from '../../lib/lint/app';
import { configured } from '../../lib/lint/config/apply';
import { CONFIG_FILE, parsedConfig } from '../../lib/lint/config/read';
import { checkInputs, readPaths } from '../../lib/lint/inputs';
import { checkPolicies } from '../../lib/lint/policies';
import { migrate, unreadable } from '../../lib/migrate/migrate';
import { join as joinFound, readForeign } from '../../lib/migrate/read';
import { BadInput } from '../../lib/rule-tests/bad-input';
import type { CheckOptions } from '../../lib/rules/check-options';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { loadText } from '../../lib/yaml/load';
import { highLogRate } from '../../rules';

const LINKS = { grafanaUrl: 'http://localhost:3000' };

export const QUIET = { report: () => {}, say: () => {}, end: () => {} };

/** A failing or a fixed example of a page. */
export interface Example {
  readonly id: CheckId;
  /** Texts of its files by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Commands, without the prompt. */
  readonly commands: readonly string[];
}

/** Returns the example under a heading of a check's page; undefined if there is none. */
export function exampleOf(id: CheckId, heading: 'Problem' | 'Fix'): Example | undefined {
  const section = new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(checkPageText(id))?.[1];
  if (section === undefined) return undefined;
  const files = [...section.matchAll(/^```\S+ title="(.*)"\n([\s\S]*?)\n```$/gm)];
  const consoles = [...section.matchAll(/^```console\n([\s\S]*?)\n```$/gm)];
  return {
    id,
    files: Object.fromEntries(files.map(([, name = '', text = '']) => [name, `${text}\n`])),
    commands: consoles.flatMap(([, text = '']) => [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command)),
  };
}

/** Calls back with a folder of the example's files, after running its commands other than `loki-alerts`. */
export async function inFolder<T>(example: Example, work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'check-page-'));
  try {
    for (const [name, text] of Object.entries(example.files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    for (const command of example.commands.filter((each) => !/\bloki-alerts\b/.test(each)))
      execFileSync('sh', ['-c', command], { cwd: folder });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Value of an option of the `loki-alerts` command in the example. */
export function optionOf({ commands }: Example, name: string): string | undefined {
  const found = commands.flatMap((command) => new RegExp(`--${name} ('[^']*'|\\S+)`).exec(command)?.[1] ?? []);
  return found[0]?.replace(/^'(.*)'$/, '$1');
}

/** Options of the check command in the example. */
export function checkOptionsOf(example: Example): CheckOptions {
  const list = (name: string) => optionOf(example, name)?.split(',');
  return { collectorLabels: list('collector-labels'), severities: list('severities'), separateFolders: true };
}

/** Findings of the example's command: synth, check, test or migrate. */
export function findingsOf(example: Example, options = checkOptionsOf(example)): Promise<readonly Finding[]> {
  return inFolder(example, (folder) => {
    const props = example.files['main.ts'];
    if (props !== undefined)
      return checkLogAlerting({ rules: [highLogRate(LINKS)], ...propsOf(props) } as library.LogAlertingProps);
    const paths = readdirSync(folder).map((name) => join(folder, name));
    if (example.id in CHECK_TOPICS.apps) return appFindings(folder);
    if (example.id in CHECK_TOPICS.migration) return migrated(paths);
    if (example.id in CHECK_TOPICS['rule tests']) return testMistakes(example, folder);
    const sourced = parsedConfig(join(folder, CONFIG_FILE));
    if (!(CONFIG_FILE in example.files)) return checkInputs(readPaths(paths, QUIET), options);
    if (sourced.findings.length > 0) return sourced.findings;
    const inputs = readPaths(
      paths.filter((path) => /\.ya?ml$/.test(path) && !path.endsWith(CONFIG_FILE)),
      QUIET,
    );
    return configured([...checkInputs(inputs, options), ...checkPolicies(inputs, sourced)], sourced);
  });
}

/** Exported `props` of a TypeScript example, some of those of `LogAlerting`. */
export function propsOf(text: string): Partial<library.LogAlertingProps> {
  const { code } = transformSync(text, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const exported: { props?: Partial<library.LogAlertingProps> } = {};
  const load = (name: string) => {
    if (name !== 'loki-alerts') throw new Error(`an example imports ${name}`);
    return library;
  };
  new Function('exports', 'require', code)(exported, load);
  if (!exported.props) throw new Error('an example exports no props');
  return exported.props;
}

/** Findings of `loki-alerts verify` in a project with the packages of this one. */
async function appFindings(folder: string): Promise<readonly Finding[]> {
  symlinkSync(join(__dirname, '../../node_modules'), join(folder, 'node_modules'));
  const checked = await Promise.all(findApps([folder]).map(checkApp));
  return checked.flatMap(({ findings }) => findings);
}

function migrated(paths: readonly string[]): readonly Finding[] {
  const found = joinFound(
    paths.map((path) => {
      const source = loadText(path);
      return 'id' in source ? { ...joinFound([]), unreadable: [source] } : readForeign(source);
    }),
  );
  const broken = unreadable(found);
  return broken.length > 0 ? broken : migrate(found, 'migrated').findings;
}

/** Findings of test files before an engine is started. */
function testMistakes(example: Example, folder: string): readonly Finding[] {
  const filter = optionOf(example, 'filter');
  const named = example.commands.at(-1)?.split(' ').at(-1) ?? '.';
  try {
    loadTests([join(folder, named)], { filter: filter === undefined ? undefined : new RegExp(filter) });
    return [];
  } catch (error) {
    if (error instanceof BadInput) return error.findings;
    throw error;
  }
}
