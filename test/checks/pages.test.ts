import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_IDS, CHECK_TOPICS, CHECKS, type CheckId, type CheckNeed } from '../../lib/checks';
import type { Finding } from '../../lib/checks/findings';
import { checkIndex, frontMatter } from '../../lib/checks/list';
import { checkPageText, pageBody } from '../../lib/checks/pages';
import type { CheckOptions } from '../../lib/rules/check-options';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import { checkOptionsOf, type Example, exampleOf, findingsOf, propsOf } from './examples';

const FOLDER = join(__dirname, '../../docs/checks');

/** Checks whose examples need a real engine or a running Loki, in pages.engine.test.ts and pages.loki.engine.test.ts. */
const NEEDS_ENGINE = CHECK_IDS.filter((id) => ['engine', 'loki'].includes(CHECKS[id].needs ?? ''));

test('every check has a page, and every page a check', () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(CHECK_IDS.map((id) => `${id}.md`).sort());
});

test('the index is that of `npm run docs:checks`', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(checkIndex());
});

/** Checks on this project's own files and options, without an upstream source. */
const OWN: readonly CheckId[] = [
  'option',
  'waiver-unused',
  'rule-test-engine',
  ...(Object.keys(CHECK_TOPICS.configuration) as CheckId[]),
];

test('every page names its upstream source', () => {
  const without = CHECK_IDS.filter((id) => !/\n## Upstream\n\n.*\]\(.*\)/.test(checkPageText(id)));
  expect(without.sort()).toEqual([...OWN].sort());
});

test.each(CHECK_IDS)('%s: the page has the data of the registry and both examples', (id) => {
  const page = checkPageText(id);
  expect(page).toBe(frontMatter(id) + pageBody(page));
  expect(pageBody(page)).toMatch(new RegExp(`^# ${id}\\n\\n[^#]`));
  for (const heading of ['Problem', 'Fix'] as const)
    expect(Object.keys(exampleOf(id, heading)?.files ?? {})).not.toEqual([]);
});

describe.each(CHECK_IDS.filter((id) => !NEEDS_ENGINE.includes(id)))('%s', (id) => {
  const problem = exampleOf(id, 'Problem') as Example;

  test('is reported for the problem', async () => {
    expect(await idsIn(problem)).toContain(id);
  });

  test('nothing is reported for the fix', async () => {
    // If the fix has no command, the command of the problem applies.
    const fix = exampleOf(id, 'Fix') as Example;
    const commands = fix.commands.some((command) => command.includes('loki-alerts')) ? [] : problem.commands;
    const again = commands.filter((command) => command.includes('loki-alerts'));
    expect(await idsIn({ ...fix, commands: [...fix.commands, ...again] })).toEqual([]);
  });
});

describe('needs', () => {
  const problemOf = (id: CheckId) => exampleOf(id, 'Problem') as Example;
  const needing = (needs: CheckNeed) => CHECK_IDS.filter((id) => CHECKS[id].needs === needs);

  test.each([...needing('collectorLabels'), ...needing('severities')])('%s needs its option', async (id) => {
    const example = problemOf(id);
    const without = { ...checkOptionsOf(example), [CHECKS[id].needs as string]: undefined };
    expect(await idsIn(example, without)).not.toContain(id);
  });

  test.each(
    (['asConfigMaps', 'namespacedJobs', 'remoteWrite', 'retention', 'openshift'] as const).flatMap((need) =>
      needing(need),
    ),
  )('%s needs an option that synthesis or an export sets', (id) => {
    const { rules = [] } = propsOf(problemOf(id).files['main.ts'] as string);
    const option = { asConfigMaps: true, namespacedJobs: true, remoteWrite: false, retention: '168h', openshift: {} };
    const found = (options: CheckOptions) => checkRuleFiles(rules, options).map((each) => each.id);
    expect(found({})).not.toContain(id);
    expect(found(option)).toContain(id);
  });

  test.each(needing('policy'))('%s needs a policy in the configuration', async (id) => {
    const { 'loki-alerts.yaml': _, ...files } = problemOf(id).files;
    expect(await idsIn({ ...problemOf(id), files }, {})).not.toContain(id);
  });

  test.each(needing('rules'))('%s needs rules', async (id) => {
    const { 'rules.yaml': _, ...files } = problemOf(id).files;
    expect(await idsIn({ ...problemOf(id), files }, {})).not.toContain(id);
  });

  test.each(NEEDS_ENGINE)('%s needs an engine', async (id) => {
    expect(await idsIn(problemOf(id), {})).not.toContain(id);
  });

  test.each(CHECK_IDS.filter((id) => !CHECKS[id].needs && !problemOf(id).files['main.ts']))(
    '%s needs nothing',
    async (id) => {
      expect(await idsIn(problemOf(id), { separateFolders: true })).toContain(id);
    },
  );
});

/** Several tests ask for the same, which is found once. */
const found = new Map<string, Promise<readonly Finding[]>>();

async function idsIn(example: Example, options: CheckOptions = checkOptionsOf(example)): Promise<string[]> {
  const key = JSON.stringify([example, options]);
  const findings = found.get(key) ?? findingsOf(example, options);
  found.set(key, findings);
  return (await findings).map(({ id }) => id);
}
