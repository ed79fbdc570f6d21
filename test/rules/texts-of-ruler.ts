import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient, quickLokiConfig, startLoki } from '../../lib/engines';
import type { RuleFile } from '../../lib/rules/model';
import { ruleFileToYaml } from '../../lib/rules/write';

/** Returns a file with an alert for each text, which is its annotation `text`. */
export function withTexts(expr: string, texts: readonly string[]): RuleFile {
  const rules = texts.map((text, index) => ({ alert: `A${index}`, expr, annotations: { text } }));
  return { name: 'r.yaml', groups: [{ name: 'g', rules }] };
}

/** Returns the annotations `text` of a real ruler, in the order of the rules, after a line of {app="web"} was logged. */
export async function textsOfRuler(file: RuleFile, line: string): Promise<string[]> {
  const ruler = { evaluation_interval: '1s', poll_interval: '1s' };
  const loki = await startLoki(({ dir }) => quickLokiConfig({ dir, ruler }), {
    files: { 'rules/fake/r.yaml': ruleFileToYaml(file) },
  });
  try {
    const client = new LokiClient(loki.url);
    const now = BigInt(Date.now() - 1000) * 1_000_000n;
    await client.push([{ labels: { app: 'web' }, entries: [[now, line]] }]);
    const pushed = Date.now();
    const count = file.groups.flatMap(({ rules }) => rules).length;
    for (;;) {
      const rules = (await client.rules()).flatMap((group) => group.rules);
      const isNew = rules.every(({ alerts, lastEvaluation }) => alerts?.length && Date.parse(lastEvaluation) > pushed);
      if (rules.length === count && isNew) return rules.map(({ alerts }) => alerts?.[0]?.annotations.text ?? '');
      await sleep(200);
    }
  } finally {
    await loki.stop();
  }
}
