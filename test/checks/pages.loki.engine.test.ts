import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { CHECK_IDS, CHECKS, type CheckId } from '../../lib/checks';
import type { Finding } from '../../lib/checks/findings';
import { LokiClient } from '../../lib/engines';
import { durationMs } from '../../lib/text/duration';
import { type RulerStage, startRulerStage } from '../remote-loki/ruler-stage';
import { lokiAlerts } from '../support/cli';
import { type Example, exampleOf, inFolder } from './examples';

/** Address of Loki in the examples. */
const URL_OF_PAGES = 'http://localhost:3100';

/** Problems that only exist, or whose rule only runs, if the example has not deployed its rules. */
const NOT_DEPLOYED: readonly CheckId[] = ['rule-not-loaded', 'evaluation-cost'];

let stage: RulerStage;
beforeAll(async () => {
  stage = await startRulerStage();
});
afterAll(async () => {
  await stage?.stop();
});

/** Checks whose examples need a running Loki, each with a tenant of its own. */
describe.each(CHECK_IDS.filter((id) => CHECKS[id].needs === 'loki'))('%s', (id) => {
  const problem = exampleOf(id, 'Problem') as Example;

  test('is reported for the problem', async () => {
    const found = await findingsOf(problem, `${id}-problem`, !NOT_DEPLOYED.includes(id));
    expect(found.map((each) => each.id)).toContain(id);
  });

  test('nothing is reported for the fix', async () => {
    const fix = exampleOf(id, 'Fix') as Example;
    const commands = fix.commands.length > 0 ? fix.commands : problem.commands;
    expect(await findingsOf({ ...fix, commands }, `${id}-fix`, true)).toEqual([]);
  });
});

/** Findings of the check in the example's commands, on a Loki with its logs, and with its rules if `deployed`. */
function findingsOf(example: Example, tenant: string, deployed: boolean): Promise<readonly Finding[]> {
  return inFolder(example, async (folder) => {
    await push(example.files['logs.yaml'] ?? '', tenant);
    const run = async (command: string) => {
      const args = command.replace('loki-alerts ', '').replace(URL_OF_PAGES, stage.loki.url).split(' ');
      const answer = await lokiAlerts([...args, '--tenant', tenant, '--format', 'json'], folder);
      if (args[0] === 'rules') await untilLoaded(tenant);
      return answer;
    };
    const deploys = example.commands.some((command) => command.includes('rules sync'));
    if (deployed && !deploys) await run(`loki-alerts rules sync --loki ${URL_OF_PAGES} rules.yaml`);
    let findings: readonly Finding[] = [];
    for (const command of example.commands) {
      const { stdout, stderr } = await run(command);
      if (command.includes(' check ')) findings = JSON.parse(stdout || `{"error": ${JSON.stringify(stderr)}}`).findings;
    }
    return findings;
  });
}

interface Logs {
  readonly labels: Readonly<Record<string, string>>;
  readonly ago: string;
  /** Number of times that each line is written, with `{n}` as its number. @default 1 */
  readonly count?: number;
  readonly lines: readonly string[];
}

async function push(yaml: string, tenant: string): Promise<void> {
  const streams = (parse(yaml) as Logs[]).map(({ labels, ago, count = 1, lines }) => {
    const from = BigInt(Date.now() - (durationMs(ago) ?? 0)) * 1_000_000n;
    const texts = Array.from({ length: count }, (_, n) => lines.map((line) => line.replace('{n}', `${n}`))).flat();
    return { labels, entries: texts.map((text, i) => [from + BigInt(i), text] as const) };
  });
  await new LokiClient(stage.loki.url, { tenant }).push(streams);
}

async function untilLoaded(tenant: string): Promise<void> {
  const client = new LokiClient(stage.loki.url, { tenant });
  for (let i = 0; i < 100; i++) {
    if ((await client.rules()).length > 0) return;
    await sleep(200);
  }
  throw new Error('the ruler has not loaded the rules');
}
