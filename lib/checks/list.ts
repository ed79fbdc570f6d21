import { CHECK_TOPICS, type CheckId, type CheckInfo, type Versions } from '.';

interface Row extends CheckInfo {
  readonly id: CheckId;
  readonly topic: string;
}

const NAMES: Readonly<Record<keyof Versions, string>> = { loki: 'Loki', alertmanager: 'Alertmanager' };

function rows(): Row[] {
  return Object.entries(CHECK_TOPICS).flatMap(([topic, checks]) =>
    Object.entries<CheckInfo>(checks).map(([id, info]) => ({ id: id as CheckId, topic, ...info })),
  );
}

/** Level of a check, which a configuration may set. */
type LevelOf = (id: CheckId) => string;

/** Returns all checks, as `check --list --format json` shows them. */
export function checkList(level: LevelOf): { readonly checks: readonly object[] } {
  return { checks: rows().map((row) => ({ ...row, level: level(row.id) })) };
}

/** Returns all checks as rows of a table, with headings. */
export function checkTable(level: LevelOf): string[][] {
  return [
    ['ID', 'LEVEL', 'TOPIC', 'NEEDS', 'WAIVABLE AT', 'VERSIONS', 'TITLE'],
    ...rows().map((row) =>
      [row.id, level(row.id), row.topic, row.needs, listed(row.waivable), versionsOf(row), row.title].map(
        (cell) => cell || '-',
      ),
    ),
  ];
}

/** Returns the index of docs/checks, in Markdown. */
export function checkIndex(): string {
  return [
    '# Checks',
    '',
    'Each check has a page; `loki-alerts explain <id>` shows it in a terminal. `npm run docs:checks` writes this list and the front matter of the pages.',
    '',
    'A check only runs if what it needs is available: `engine` is a real Loki, Alertmanager or promtool (`check --engine`, `test`); `loki` is a running Loki (`check --loki`); `rules` are rule files that are checked together with alertmanager.yml; `policy` is a requirement in the configuration `loki-alerts.yaml`; `openshift` is set by exports for the Loki operator (docs/existing-loki.md); the others are options: synthesis sets all of them, the configuration all except `asConfigMaps`, the command line only `--collector-labels`, `--retention` and `--severities`. Versions are those of Loki or Alertmanager in which the problem exists; if there are none, they are unknown.',
    ...Object.entries(CHECK_TOPICS).flatMap(([topic, checks]) => [
      '',
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      '| check | severity | needs | waivable at | versions | |',
      '|---|---|---|---|---|---|',
      ...Object.entries<CheckInfo>(checks).map(
        ([id, info]) =>
          `| [${id}](${id}.md) | ${info.severity} | ${info.needs ?? ''} | ${listed(info.waivable)} | ${versionsOf(info)} | ${info.title} |`,
      ),
    ]),
    '',
  ].join('\n');
}

/** Returns the front matter of a check's page, in YAML. */
export function frontMatter(id: CheckId): string {
  const { title: _, refinedBy, waivable, since, until, ...plain } = rows().find((row) => row.id === id) as Row;
  const versions = (all: Versions) =>
    Object.entries(all)
      .map(([system, version]) => `${system}: '${version}'`)
      .join(', ');
  return [
    '---',
    ...Object.entries(plain).map(([field, value]) => `${field}: ${value}`),
    ...(refinedBy ? [`refinedBy: [${listed(refinedBy)}]`] : []),
    ...(waivable ? [`waivable: [${listed(waivable)}]`] : []),
    ...(since ? [`since: {${versions(since)}}`] : []),
    ...(until ? [`until: {${versions(until)}}`] : []),
    '---',
    '',
  ].join('\n');
}

function listed(names: readonly string[] = []): string {
  return names.join(', ');
}

/** Returns e.g. `since Loki 3.5`. */
function versionsOf({ since = {}, until = {} }: CheckInfo): string {
  const texts = (word: string, versions: Versions) =>
    Object.entries(versions).map(([system, version]) => `${word} ${NAMES[system as keyof Versions]} ${version}`);
  return [...texts('since', since), ...texts('until', until)].join(', ');
}
