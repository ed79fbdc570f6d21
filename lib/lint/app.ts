import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { type Finding, finding, type Place } from '../checks/findings';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { listFiles } from '../rules/read/list';
import { loadText } from '../yaml/load';
import { OWN_YAML, parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import { checkManifests, type ManifestOptions } from './check-manifests';
import { compareFolders } from './compare-folders';
import { UsageError } from './exit-codes';
import { isGitIgnored, runApp } from './run-app';

/** Configuration file of an app, which marks its folder. */
const CONFIG = 'cdk8s.yaml';

/** File that the cdk8s CLI asks an app for, and removes again. */
const METADATA = 'construct-metadata.json';

/** The content of cdk8s.yaml, as far as it is used here. */
interface AppConfig {
  readonly app: string;
  /** Folder of the manifests. */
  readonly output: string;
  /** Properties of the validation plugin, which also apply here. */
  readonly properties: ManifestOptions;
}

/** Result of the check of an app. */
export interface CheckedApp {
  readonly findings: readonly Finding[];
  /** Numbers of files and rules in its manifests. */
  readonly files: number;
  readonly rules: number;
  /** True if warnings count as errors. */
  readonly strict: boolean;
  /** Messages of the app that are not among the findings. */
  readonly messages: readonly string[];
}

/**
 * Returns the configuration files of the apps in folders, sorted; for no folder, those in the working directory, or
 * else the one of the nearest folder above it.
 * @throws UsageError if a folder has no app
 */
export function findApps(folders: readonly string[], cwd = process.cwd()): string[] {
  const found = (folders.length > 0 ? folders : ['.']).map((folder) => ({
    folder,
    apps: listFiles(folder, { cwd, gitignore: true }).files.filter((file) => basename(file) === CONFIG),
  }));
  const around = folders.length === 0 && found[0]?.apps.length === 0 ? appAbove(cwd) : undefined;
  if (around !== undefined) return [around];
  const without = found.filter(({ apps }) => apps.length === 0).map(({ folder }) => folder);
  if (without.length > 0) {
    throw new UsageError(
      `no ${CONFIG} in ${without.join(', ')}: pass the folder of a cdk8s app, or make one with init`,
    );
  }
  return [...new Set(found.flatMap(({ apps }) => apps))].sort();
}

function appAbove(folder: string): string | undefined {
  const config = join(folder, CONFIG);
  if (existsSync(config)) return config;
  return folder === dirname(folder) ? undefined : appAbove(dirname(folder));
}

/** Runs an app, compares its output with the committed manifests, and checks these. @param path its cdk8s.yaml */
export async function checkApp(path: string): Promise<CheckedApp> {
  const nothing = { files: 0, rules: 0, strict: false, messages: [] };
  const config = readConfig(path);
  if ('id' in config) return { ...nothing, findings: [config] };
  const folder = dirname(path);
  const temp = makeTempFolder();
  try {
    const fresh = join(temp, 'dist');
    const { failure, messages } = await runApp(config.app, folder, fresh);
    const file = relative(process.cwd(), path);
    if (failure !== undefined) return { ...nothing, findings: [notSynthesized(file, failure)], messages };
    const written = filesIn(fresh);
    if (written.length === 0) {
      const fix = 'add a chart to the app, and do not pass outdir to App: it would override CDK8S_OUTDIR';
      return {
        ...nothing,
        findings: [finding('app-synth', { problem: 'the app wrote no manifests', fix, place: { file } })],
      };
    }
    const output = resolve(folder, config.output);
    // Manifests that are not committed are made where they are applied.
    const committed = existsSync(output) || !isGitIgnored(output);
    const stale = committed ? staleFiles(output, fresh, file) : [];
    return withLint({
      appFolder: folder,
      folder: committed && existsSync(output) ? output : fresh,
      stale,
      config,
      messages,
    });
  } finally {
    removeTempFolder(temp);
  }
}

function readConfig(path: string): AppConfig | Finding {
  const source = loadText(path);
  if ('id' in source) return source;
  const wrong = (problem: string, fix: string, place: Place = { file: source.file }) =>
    finding('app-synth', { problem, fix, place });
  const { documents, problems } = parseYaml(source.text, OWN_YAML);
  const [broken] = problems;
  if (broken) return wrong(`invalid YAML: ${broken.problem}`, 'correct the file', source.placeAt(broken.offset));
  const value = (documents[0] && plainValue(documents[0]).value) as Record<string, unknown> | null | undefined;
  const { app, output = 'dist', validations } = value ?? {};
  if (typeof app !== 'string' || app.trim() === '') {
    return wrong("field 'app' is missing, the command that writes the manifests", 'set app: node --import tsx main.ts');
  }
  if (typeof output !== 'string') return wrong("field 'output' is not a folder", 'set output: dist');
  return { app, output, properties: pluginProperties(validations) };
}

/** Properties of this package's plugin, so that both report the same. */
function pluginProperties(validations: unknown): ManifestOptions {
  const own = (Array.isArray(validations) ? validations : []).find((each) => each?.class === 'LokiAlerts');
  return own?.properties ?? {};
}

function notSynthesized(file: string, failure: string): Finding {
  return finding('app-synth', { problem: `the app failed: ${failure}`, place: { file } });
}

function staleFiles(output: string, fresh: string, config: string): Finding[] {
  const name = relative(process.cwd(), output);
  const fix = `run cdk8s synth in ${relative(process.cwd(), dirname(resolve(config))) || '.'}, and commit ${basename(output)}`;
  const stale = (problem: string, file: string, line?: number) =>
    finding('dist-stale', { problem, fix, place: { file, line } });
  if (!existsSync(output)) return [stale('does not exist, but the app writes it', name)];
  return compareFolders({ committed: output, fresh, files: [filesIn(output), filesIn(fresh)] }).map(
    ({ file, problem, line }) => stale(problem, join(name, file), line),
  );
}

function filesIn(folder: string): string[] {
  return globSync('**', { cwd: folder, dot: true, ignore: [METADATA] }).sort();
}

interface LintProps {
  readonly appFolder: string;
  readonly folder: string;
  readonly stale: readonly Finding[];
  readonly config: AppConfig;
  readonly messages: readonly string[];
}

function withLint({ appFolder, folder, stale, config, messages }: LintProps): CheckedApp {
  const manifests = filesIn(folder).filter((file) => /\.ya?ml$/.test(file));
  const paths = manifests.map((file) => join(folder, file));
  const { inputs, findings: found, strict } = checkManifests(paths, config.properties, appFolder);
  return {
    findings: [...stale, ...found],
    files: manifests.length,
    rules: inputs.rules.flatMap(({ file }) => file.groups.flatMap((group) => group.rules)).length,
    strict,
    // Synthesis prints the warnings of the stack, most of which the manifests show too, with their places.
    messages: messages.filter((line) => !found.some((each) => isMessageOf(each, line))),
  };
}

function isMessageOf({ id, severity, subject }: Finding, line: string): boolean {
  return subject !== undefined && line.startsWith(`${severity}: ${subject}: `) && line.endsWith(` [${id}]`);
}
