import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK_IDS } from '../../lib/checks';
import { checkIndex } from '../../lib/checks/list';
import { checkPageText } from '../../lib/checks/pages';
import { checkInputs, readPaths } from '../../lib/lint/inputs';
import type { CheckOptions } from '../../lib/rules/check-options';

const FOLDER = join(__dirname, '../../docs/checks');
const QUIET = { report: () => {}, say: () => {}, end: () => {} };

/** Checks whose page has no example that runs here: they need an engine, a large file, the stack, or another command. */
const WITHOUT_EXAMPLE = CHECK_IDS.filter((id) => !checkPageText(id).includes('\n## Problem\n'));

test('every check has its page, and every page its check', () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(CHECK_IDS.map((id) => `${id}.md`).sort());
});

test('the index lists the registry', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(checkIndex());
});

test('pages without an example are known', () => {
  expect(WITHOUT_EXAMPLE.sort()).toMatchInlineSnapshot(`
[
  "alertmanager-refuses",
  "file-name",
  "file-name-repeated",
  "group-too-large",
  "logql-too-long",
  "loki-refuses",
  "migrate",
  "migrate-address",
  "migrate-credential",
  "migrate-label",
  "migrate-variable",
  "option",
  "record-without-remote-write",
  "route-unknown-severity",
  "rule-test",
  "rule-test-coverage",
  "rule-test-empty",
  "rule-test-engine",
  "rule-test-file",
  "rule-test-filter",
  "rule-test-format",
  "rule-test-yaml",
  "selector-job",
  "unreadable-file",
]
`);
});

describe.each(CHECK_IDS.filter((id) => !WITHOUT_EXAMPLE.includes(id)))('%s', (id) => {
  const page = checkPageText(id);

  test('is reported for the problem', () => {
    expect(idsIn(page, 'Problem')).toContain(id);
  });

  test('is not reported for the fix', () => {
    expect(idsIn(page, 'Fix')).not.toContain(id);
  });
});

/** Checks the files of a section as `loki-alerts check` does. */
function idsIn(page: string, heading: string): string[] {
  const section = new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(page)?.[1] ?? '';
  const files = [...section.matchAll(/^```\S+ title="(.*)"\n([\s\S]*?)\n```$/gm)];
  expect(files.length).toBeGreaterThan(0);
  const folder = mkdtempSync(join(tmpdir(), 'check-page-'));
  try {
    for (const [, name = '', text = ''] of files) writeFileSync(join(folder, name), `${text}\n`);
    const paths = files.map(([, name = '']) => join(folder, name));
    return checkInputs(readPaths(paths, QUIET), optionsIn(page)).map((finding) => finding.id);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Options of the command that the page shows. */
function optionsIn(page: string): CheckOptions {
  const list = (flag: string) => new RegExp(`--${flag} (\\S+)`).exec(page)?.[1]?.split(',');
  return { collectorLabels: list('collector-labels'), severities: list('severities'), separateFolders: true };
}
