import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from '../../lib/demo-run/kubectl';
import type { Stage } from '../../lib/demo-run/stage';
import { LokiClient } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { differences } from './objects';
import { podOf, stackPods } from './pods';
import { assertNone, type Run, secondsSince } from './run';
import { until } from './until';

/** Name of the added alert, which never fires. */
const ADDED_ALERT = 'EndToEndTest';

/** The kubelet takes up to 90 s to update a mounted ConfigMap; then the ruler polls it. */
const EVALUATION_TIMEOUT_MS = 180_000;

/** Adds a rule to main.ts, synthesizes and applies; only ConfigMaps of rules may change. */
export async function applyEditedRules({ project, manifests, signal }: Run): Promise<string> {
  project.addRuleFile(ruleFile('sum by (namespace, app) (rate({app="webservice"}[1m])) > 1e9'));
  const { code, stderr } = await project.synth(signal);
  if (code !== 0) throw new Error(`synthesis failed: ${stderr}`);
  const changed = differences(manifests, readDist(project.dist));
  if (changed.length === 0 || !changed.every((object) => /^ConfigMap .*\/loki-rules-\d+$/.test(object))) {
    throw new Error(`an added rule changed ${changed.join(', ') || 'nothing'}: run 'npm run synth' if dist is stale`);
  }
  await kubectl('apply', '-f', project.dist);
  return changed.join(', ');
}

/** Waits until Loki evaluates the added rule, without a restart. @returns the duration */
export async function waitForRule({ signal }: Run, stage: Stage): Promise<string> {
  const start = Date.now();
  const before = podOf(await stackPods(), 'loki');
  const loki = new LokiClient(stage.lokiUrl);
  await until(`healthy rule '${ADDED_ALERT}' in Loki`, { timeoutMs: EVALUATION_TIMEOUT_MS, signal }, async () => {
    const rules = (await loki.rules()).flatMap((group) => group.rules);
    return rules.find(({ name, health }) => name === ADDED_ALERT && health === 'ok');
  });
  const { uid, restarts, name } = podOf(await stackPods(), 'loki');
  if (uid !== before.uid || restarts !== 0) throw new Error(`${name} was restarted (${restarts} times)`);
  return secondsSince(start);
}

/** Checks that a missing parenthesis fails synthesis: a running Loki would silently stop loading all rules. */
export async function checkBrokenRule({ project, signal }: Run): Promise<string> {
  const before = contents(project.dist);
  project.addRuleFile(ruleFile('sum by (namespace, app (rate({app="webservice"}[1m])) > 1e9'));
  const { code, stderr } = await project.synth(signal);
  if (code === 0) throw new Error('synthesis succeeded');
  const problems: string[] = [];
  if (!stderr.includes(ADDED_ALERT)) problems.push(`the message does not name the rule: ${stderr}`);
  if (contents(project.dist) !== before) problems.push('dist was changed');
  assertNone(problems);
  return `exit code ${code}, dist unchanged`;
}

function contents(folder: string): string {
  return JSON.stringify(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Returns a rule file as TypeScript for main.ts. */
function ruleFile(expr: string): string {
  return `{
    name: 'end-to-end-test.yaml',
    groups: [
      {
        name: 'end-to-end-test',
        rules: [
          {
            alert: '${ADDED_ALERT}',
            expr: '${expr}',
            for: '1m',
            labels: { severity: 'info' },
            annotations: { title: 'Added by the end-to-end test', description: 'Never fires.' },
          },
        ],
      },
    ],
  }`;
}
