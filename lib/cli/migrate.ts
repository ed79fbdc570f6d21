import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join as joinPath, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { globSync } from 'tinyglobby';
import { formatFinding } from '../checks/findings';
import { CLEAN, FOUND, UsageError } from '../lint/exit-codes';
import { migrate, unreadable } from '../migrate/migrate';
import type { Migration } from '../migrate/moved';
import { type Found, join, readForeign } from '../migrate/read';
import { report } from '../migrate/report';
import { TEMPLATE_ENDINGS } from '../migrate/template-files';
import { appFiles } from '../migrate/write';
import { PACKAGE_FOLDER } from '../versions/package-folder';
import { loadText } from '../yaml/load';
import { jsonOption, printLine, type Shell } from './shell';
import { writeFolder } from './write-folder';

/** True if the package is installed in node_modules, without the scripts of package.json. */
const INSTALLED = dirname(PACKAGE_FOLDER).split(sep).includes('node_modules');

/** Folder in which apps find the library: the parent of node_modules, if it is installed. */
const APPS = INSTALLED
  ? PACKAGE_FOLDER.slice(0, PACKAGE_FOLDER.lastIndexOf(`${sep}node_modules${sep}`))
  : PACKAGE_FOLDER;

interface Flags {
  readonly out: string;
  readonly format: 'text' | 'json';
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
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 success, 1 written, but some of it must be corrected, 2 could not run.\nDocs: loki-alerts explain moving-in',
    )
    .action((paths: string[], { out, format }: Flags) => {
      if (existsSync(out)) throw new UsageError(`${out} already exists: use another folder with --out, or remove it`);
      if (!findsLibrary(resolve(out))) {
        throw new UsageError(
          `${out} is outside of this project and of any folder with loki-alerts installed, which the app needs: use a folder in ${APPS}, or first npm install loki-alerts in a parent folder of ${out}`,
        );
      }
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
      const files = appFiles(migration);
      writeFolder(resolve(out), files);
      printLine(shell.stdout, format === 'json' ? asJson(migration, files) : asText(migration, out));
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

function readAll(paths: readonly string[]): Found {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new UsageError(`no such file or folder: ${missing.join(', ')}`);
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? globSync(`**/*{.yaml,.yml,${TEMPLATE_ENDINGS.map((ending) => `.${ending}`).join(',')}}`, {
          cwd: path,
          absolute: true,
          ignore: ['**/node_modules/**'],
        }).sort()
      : [resolve(path)],
  );
  return join(
    files.map((file) => {
      const source = loadText(file);
      return 'id' in source ? { ...join([]), unreadable: [source] } : readForeign(source);
    }),
  );
}

function asText(migration: Migration, out: string): string {
  return [
    report(migration),
    '',
    `Wrote ${readdirSync(out).sort().join(', ')} to ${out}; MOVING.md contains this text.`,
    `Next: ${migration.findings.length > 0 ? 'correct what is reported above, then ' : ''}cd ${out} && ${synthCommand(resolve(out))}; see loki-alerts explain moving-in.`,
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
