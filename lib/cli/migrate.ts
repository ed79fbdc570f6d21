import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join as joinPath, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { globSync } from 'tinyglobby';
import { version } from '../../package.json';
import { formatFinding } from '../checks/findings';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import { leave, NOTHING } from '../migrate/found';
import { migrate, unreadable } from '../migrate/migrate';
import type { Migration } from '../migrate/moved';
import { type Found, join, readForeign } from '../migrate/read';
import { report } from '../migrate/report';
import { TEMPLATE_ENDINGS } from '../migrate/template-files';
import { appFiles } from '../migrate/write';
import { PACKAGE_FOLDER } from '../versions/package-folder';
import { loadText } from '../yaml/load';
import { packageName, quoted } from './init';
import { jsonOption, printLine, type Shell } from './shell';
import { writeFolder } from './write-folder';

/** True if the package is installed in node_modules, without the scripts of package.json. */
const INSTALLED = dirname(PACKAGE_FOLDER).split(sep).includes('node_modules');

interface Flags {
  readonly out: string;
  readonly format: 'text' | 'json';
  readonly package: string;
}

/** `loki-alerts migrate <files or folders…> --out <folder>` */
export function migrateCommand(shell: Shell): Command {
  return new Command('migrate')
    .description(
      'turn the rules and routes of loki-stack, Docker Compose or kube-prometheus into an app of this project',
    )
    .argument(
      '<paths...>',
      'chart values, manifests (kubectl get … -o yaml), HelmReleases, Applications of Argo CD, docker-compose.yml, rule files, alertmanager.yml, *.tmpl, or folders',
    )
    .option('--out <folder>', 'new folder for the app', 'migrated')
    .option(
      '--package <spec>',
      'version, file or URL of loki-alerts for npm, if it is not installed where the app is written',
      version,
    )
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 written, but some of it must be corrected, 2 could not run.\nDocs: loki-alerts explain moving-in',
    )
    .action((paths: string[], { out, format, package: library }: Flags) => {
      if (existsSync(out)) throw new UsageError(`${out} already exists: use another folder with --out, or remove it`);
      const found = readAll(paths);
      const broken = unreadable(found);
      if (broken.length > 0) {
        throw new UsageError(
          `nothing was written: fix these errors, or give only the files to migrate\n${broken.map(formatFinding).join('\n')}`,
        );
      }
      const migration = migrate(found, relative(process.cwd(), resolve(out)));
      const { rules, alertmanager, left } = migration;
      if (rules.length === 0 && !alertmanager) {
        throw new UsageError(
          [`neither rules nor an alertmanager.yml in ${paths.join(', ')}`, ...left.map((what) => `- ${what}`)].join(
            '\n',
          ),
        );
      }
      const path = resolve(out);
      const own = findsLibrary(path) ? undefined : { name: packageName(path), library };
      const files = appFiles(migration, own);
      writeFolder(path, files);
      const synth = own ? 'npm install && npm run synth' : synthCommand(path);
      printLine(shell.stdout, format === 'json' ? asJson(migration, files) : asText(migration, out, synth));
      shell.exitCode = migration.findings.some(({ severity }) => severity === 'error') ? FOUND : CLEAN;
    });
}

/** True if Node finds this library from the folder. */
const findsLibrary = (folder: string) => isIn(PACKAGE_FOLDER, folder) || findsPackage('loki-alerts', folder);

const isIn = (parent: string, folder: string) => `${folder}${sep}`.startsWith(`${parent}${sep}`);

/** True if the package is in node_modules of the folder or of one above it. */
function findsPackage(name: string, folder: string): boolean {
  if (existsSync(joinPath(folder, 'node_modules', name))) return true;
  return folder !== dirname(folder) && findsPackage(name, dirname(folder));
}

/** Files in a folder that are read. */
const INPUTS = `**/*.{yaml,yml,${TEMPLATE_ENDINGS.join(',')}}`;
const OTHERS = ['**/node_modules/**'];

function readAll(paths: readonly string[]): Found {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`);
  const files = paths.flatMap((path) => {
    const inFolder = statSync(path).isDirectory();
    const all = inFolder
      ? withoutLinks(globSync(INPUTS, { cwd: path, absolute: true, ignore: OTHERS }), path)
      : [resolve(path)];
    return all.map((file) => ({ file, inFolder }));
  });
  return join(
    files.map(({ file, inFolder }) => {
      const source = loadText(file);
      if (!('id' in source)) return readForeign(source, { inFolder });
      return inFolder
        ? leave(`${source.place?.file ?? file}: not read: ${source.problem}`)
        : { ...NOTHING, unreadable: [source] };
    }),
  );
}

/** Returns each file once, by its own path if it was also found by way of a symbolic link. */
function withoutLinks(files: readonly string[], folder: string): string[] {
  const root = realpathSync(folder);
  const own = files.filter(existsSync).map((file) => {
    const path = realpathSync(file);
    return isIn(root, path) ? joinPath(resolve(folder), relative(root, path)) : file;
  });
  return [...new Set(own)].sort();
}

function asText(migration: Migration, out: string, synth: string): string {
  return [
    report(migration),
    '',
    `Wrote ${readdirSync(out).sort().join(', ')} to ${out}; MOVING.md contains this text.`,
    `Next: ${migration.findings.length > 0 ? 'correct what is reported above, then ' : ''}cd ${quoted(out)} && ${synth}; see loki-alerts explain moving-in.`,
  ].join('\n');
}

/** Packages that the app needs besides this one: its peers, the CLI of cdk8s, and what runs its TypeScript. */
const NEEDED = ['cdk8s', 'constructs', 'cdk8s-cli', 'tsx'];

/** Returns the command that synthesizes the app: the scripts of package.json only exist in a clone. */
function synthCommand(folder: string): string {
  if (!INSTALLED && isIn(PACKAGE_FOLDER, folder)) return 'npm run synth';
  const missing = NEEDED.filter((name) => !findsPackage(name, folder));
  return [...(missing.length > 0 ? [`npm install ${missing.join(' ')}`] : []), 'npx cdk8s synth'].join(' && ');
}

function asJson(
  { credentials, secrets, settings, left, findings }: Migration,
  files: Readonly<Record<string, string>>,
): string {
  return JSON.stringify(
    { files: Object.keys(files).sort(), credentials, secrets, settings, left, findings },
    undefined,
    2,
  );
}
