import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askEngines } from '../../lib/lint/ask-engines';
import { readPaths } from '../../lib/lint/inputs';
import { NO_PROGRESS } from '../../lib/lint/progress';

test('reports the files that a real Loki and amtool refuse, each separately', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-engines-'));
  try {
    const rules = (expr: string) => `groups: [{name: g, rules: [{alert: A, expr: '${expr}'}]}]\n`;
    const routes = (receiver: string) => `route: {receiver: ${receiver}}\nreceivers: [{name: all}]\n`;
    writeFileSync(join(folder, 'a.yaml'), rules('rate({app="x"}[5m]'));
    writeFileSync(join(folder, 'b.yaml'), rules('rate({app="x"}[5m]) > 1'));
    writeFileSync(join(folder, 'c.yaml'), routes('none'));
    writeFileSync(join(folder, 'd.yaml'), routes('all'));
    writeFileSync(
      join(folder, 'e.yaml'),
      `apiVersion: loki.grafana.com/v1\nkind: AlertingRule\nmetadata: {name: r}\nspec: {${rules('rate({app="x"}[5m')}}`,
    );
    const findings = await askEngines(readPaths([folder], NO_PROGRESS), () => {});
    expect(findings.map(({ id, place, problem }) => [id, place?.file.split('/').pop(), problem])).toEqual([
      [
        'loki-refuses',
        'a.yaml',
        expect.stringMatching(/^refused by Loki \S+, which .*: could not parse expression for alert 'A'/),
      ],
      ['loki-refuses', 'e.yaml', expect.stringContaining('parse error')],
      [
        'alertmanager-refuses',
        'c.yaml',
        expect.stringMatching(/^refused by Alertmanager \S+: undefined receiver "none"/),
      ],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
