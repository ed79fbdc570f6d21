import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_IDS, CHECKS } from '../../lib/checks';
import { checkIndex, frontMatter } from '../../lib/checks/list';
import { checkPageText, pageBody } from '../../lib/checks/pages';
import { checkOptionsOf, type Example, exampleOf, findingsOf } from './examples';

const FOLDER = join(__dirname, '../../docs/checks');

/** Checks whose examples need a real engine: pages.engine.test.ts. */
const OF_ENGINES = CHECK_IDS.filter((id) => CHECKS[id].needs === 'engine');

test('every check has its page, and every page its check', () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(CHECK_IDS.map((id) => `${id}.md`).sort());
});

test('the index lists the registry; `npm run docs:checks` writes it', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(checkIndex());
});

test.each(CHECK_IDS)('%s: the page has what the registry says, and both examples', (id) => {
  const page = checkPageText(id);
  expect(page).toBe(frontMatter(id) + pageBody(page));
  expect(pageBody(page)).toMatch(new RegExp(`^# ${id}\\n\\n[^#]`));
  for (const heading of ['Problem', 'Fix'] as const)
    expect(Object.keys(exampleOf(id, heading)?.files ?? {})).not.toEqual([]);
});

describe.each(CHECK_IDS.filter((id) => !OF_ENGINES.includes(id)))('%s', (id) => {
  const problem = exampleOf(id, 'Problem') as Example;

  test('is reported for the problem', async () => {
    expect(await idsIn(problem)).toContain(id);
  });

  test('nothing is reported for the fix', async () => {
    // The options are those of the problem, where its command is not shown again.
    const fix = exampleOf(id, 'Fix') as Example;
    const commands = fix.commands.some((command) => command.includes('loki-alerts')) ? [] : problem.commands;
    const again = commands.filter((command) => command.includes('loki-alerts'));
    expect(await idsIn({ ...fix, commands: [...fix.commands, ...again] })).toEqual([]);
  });
});

/** Checks that need an option which the command line has. */
const WITH_OPTION = CHECK_IDS.flatMap((id) => {
  const { needs } = CHECKS[id];
  return needs === 'collectorLabels' || needs === 'severities' ? [{ id, needs }] : [];
});

test.each(WITH_OPTION)('$id finds nothing without $needs', async ({ id, needs }) => {
  const example = exampleOf(id, 'Problem') as Example;
  const found = await findingsOf(example, { ...checkOptionsOf(example), [needs]: undefined });
  expect(found.map((each) => each.id)).not.toContain(id);
});

async function idsIn(example: Example): Promise<string[]> {
  return (await findingsOf(example)).map(({ id }) => id);
}
