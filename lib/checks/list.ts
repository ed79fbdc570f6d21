import { CHECK_TOPICS, type CheckInfo, type Versions } from '.';

interface Row extends CheckInfo {
  readonly id: string;
  readonly topic: string;
}

function rows(): Row[] {
  return Object.entries(CHECK_TOPICS).flatMap(([topic, checks]) =>
    Object.entries<CheckInfo>(checks).map(([id, info]) => ({ id, topic, ...info })),
  );
}

/** All checks, as a table or as JSON. */
export function formatCheckList(format: 'text' | 'json'): string {
  if (format === 'json') return JSON.stringify({ checks: rows() }, null, 2);
  const table = [
    ['ID', 'SEVERITY', 'TOPIC', 'NEEDS', 'WAIVABLE', 'TITLE'],
    ...rows().map((row) => [
      row.id,
      row.severity,
      row.topic,
      row.needs ?? '-',
      row.waivable ? 'yes' : '-',
      titleOf(row),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  return table
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The index of docs/checks, in Markdown. */
export function checkIndex(): string {
  return [
    '# Checks',
    '',
    'Each check has a page; `loki-alerts explain <id>` shows it in a terminal. `npm run docs:checks` writes this list.',
    ...Object.entries(CHECK_TOPICS).flatMap(([topic, checks]) => [
      '',
      `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
      '',
      '| check | severity | needs | waivable | |',
      '|---|---|---|---|---|',
      ...Object.entries<CheckInfo>(checks).map(
        ([id, info]) =>
          `| [${id}](${id}.md) | ${info.severity} | ${info.needs ?? ''} | ${info.waivable ? 'yes' : ''} | ${titleOf(info)} |`,
      ),
    ]),
    '',
  ].join('\n');
}

function titleOf({ title, since, until }: CheckInfo): string {
  const of = (word: string, versions: Versions = {}) =>
    Object.entries(versions).map(([system, version]) => `${word} ${system} ${version}`);
  const versions = [...of('since', since), ...of('until', until)];
  return versions.length > 0 ? `${title} (${versions.join(', ')})` : title;
}
