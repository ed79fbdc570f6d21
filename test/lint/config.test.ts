import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { LokiAlerts } from '../../lib/cdk8s-plugin';
import { finding } from '../../lib/checks/findings';
import { configured } from '../../lib/lint/config/apply';
import { configJsonSchema } from '../../lib/lint/config/json-schema';
import { parsedConfig } from '../../lib/lint/config/read';
import { lokiAlerts } from '../support/cli';
import { tempFolder } from '../support/temp-folder';

const folder = tempFolder();
const { write } = folder;

const RULES = `groups:
  - name: g
    rules:
      - alert: A
        expr: sum(rate({app="x"}[5m]))
`;

/** Ids and levels of the findings of a check in a folder of the test. */
async function check(at: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await lokiAlerts(['check', '--format', 'json', ...args], join(folder.path, at));
  if (stderr !== '') return [stderr];
  const { findings } = JSON.parse(stdout) as { findings: { id: string; severity: string }[] };
  return findings.map(({ id, severity }) => `${id} ${severity}`);
}

describe('the configuration', () => {
  test('is the nearest one, up to the root of the repository', async () => {
    write('loki-alerts.yaml', 'checks: { no-comparison: off }');
    write('repo/rules/rules.yaml', RULES);
    expect(await check('repo/rules')).toEqual([]);
    write('repo/loki-alerts.yaml', 'checks: { no-comparison: error }');
    expect(await check('repo/rules')).toEqual(['no-comparison error']);
    write('repo/rules/loki-alerts.yaml', '# defaults\n');
    expect(await check('repo/rules')).toEqual(['no-comparison warning']);
    write('other/rules.yaml', RULES);
    mkdirSync(join(folder.path, 'other/.git'));
    expect(await check('other')).toEqual(['no-comparison warning']);
  });

  test('has paths that are relative to its folder', async () => {
    write(
      'loki-alerts.yaml',
      'paths: [a]\nexclude: [a/out]\noverrides: [{ paths: [a/old], checks: { no-comparison: off } }]\n',
    );
    for (const name of ['a/rules.yaml', 'a/out/rules.yaml', 'a/old/rules.yaml', 'b/rules.yaml']) write(name, RULES);
    for (const at of ['', 'a', 'b'])
      expect(await check(at)).toEqual(['no-comparison warning', 'alert-name-repeated warning'].slice(0, 1));
    expect(await check('b', '.')).toEqual(['no-comparison warning']);
    expect(await check('', 'a/out', 'a/old')).toEqual([]);
  });

  test('sets the options that are not on the command line', async () => {
    write('loki-alerts.yaml', 'severities: [low]\nevaluationInterval: 10m\nstrict: true\nlanguage: logql\n');
    write('rules.yaml', `${RULES.replace('[5m]))', '[5m])) > 1')}        labels: { severity: high }\n`);
    expect(await check('')).toEqual(['range-below-interval warning', 'severity-unknown error']);
    expect(await check('', '--severities', 'high', '--evaluation-interval', '1m')).toEqual([]);
    write('loki-alerts.yaml', 'strict: true\n');
    write('rules.yaml', RULES);
    expect((await lokiAlerts(['check'], folder.path)).status).toBe(1);
  });

  test('sets the retention, which the command line overrides', async () => {
    write('loki-alerts.yaml', 'retention: 168h\n');
    write('rules.yaml', RULES.replace('[5m]))', '[5m] offset 14d)) > 1'));
    expect(await check('')).toEqual(['range-beyond-retention warning']);
    expect(await check('', '--retention', '744h')).toEqual([]);
    expect(await check('', '--no-config')).toEqual([]);
    expect(await check('', '--no-config', '--retention', '1w')).toEqual(['range-beyond-retention warning']);
    const { status, stderr } = await lokiAlerts(['check', '--retention', '1.5d'], folder.path);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/invalid duration "1\.5d" of --retention: use e\.g\. 744h/),
    ]);
  });

  test('may be empty', async () => {
    write('loki-alerts.yaml', '');
    write('rules.yaml', RULES);
    expect(await check('')).toEqual(['no-comparison warning']);
  });

  test.each([
    ['a list', '[a]\n', '1:1: error: the file: must be a map, not a list [config]'],
    ['invalid YAML', 'a: [\n', '2:1: error: invalid YAML: '],
    ['a second document', '{}\n---\n{}\n', '2:1: error: invalid YAML: second YAML document: remove it'],
    ['a duplicate key', 'strict: true\nstrict: false\n', '2:1: error: invalid YAML: duplicate key "strict"'],
  ])('is rejected if it is %s', async (_, text, message) => {
    write('loki-alerts.yaml', text);
    write('rules.yaml', RULES);
    expect((await check(''))[0]).toContain(`loki-alerts.yaml:${message}`);
    expect((await lokiAlerts(['check'], folder.path)).status).toBe(2);
  });

  test('applies to the plugin of cdk8s, whose properties take precedence', async () => {
    const config = write(
      'loki-alerts.yaml',
      'checks: { no-comparison: error }\nannotations: { summary: {} }\nseverities: [low]\n',
    );
    const manifest = write(
      'dist/a.k8s.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  r.yaml: |\n${RULES.replace(/^/gm, '    ')}        labels: { severity: high }\n`,
    );
    const violations = async (properties: ConstructorParameters<typeof LokiAlerts>[0]) => {
      const context = new ValidationContext([manifest], 'loki-alerts', '0.1.0');
      await new LokiAlerts(properties).validate(context);
      const { success } = context.report;
      return [success, ...context.report.toJson().violations.map(({ ruleName }) => ruleName)];
    };
    expect(await violations({ config })).toEqual([false, 'no-comparison', 'severity-unknown', 'policy-annotation']);
    expect(await violations({ config, severities: ['high'] })).toEqual([false, 'no-comparison', 'policy-annotation']);
    expect(await violations({ config: false })).toEqual([true, 'no-comparison']);
  });
});

describe('waivers', () => {
  const waived = (waivers: string, today: string) => {
    const sourced = parsedConfig(write('loki-alerts.yaml', `waivers: [${waivers}]\n`));
    expect(sourced.findings).toEqual([]);
    const found = (name: string, file: string) =>
      finding('no-comparison', {
        subject: `alert '${name}' in group 'g' of 'r.yaml'`,
        problem: 'wrong',
        place: { file: join(folder.path, file) },
      });
    return configured([found('A', 'a/r.yaml'), found('B', 'b/r.yaml')], sourced, today).map(
      ({ id, waived: reason }) => reason ?? id,
    );
  };

  test.each([
    ['', ['no-comparison', 'no-comparison']],
    ['{ check: no-comparison, reason: x }', ['x', 'x']],
    ['{ check: no-comparison, reason: x, paths: [a] }', ['x', 'no-comparison']],
    ['{ check: no-comparison, reason: x, alerts: [B] }', ['no-comparison', 'x']],
    ['{ check: empty-group, reason: x }', ['no-comparison', 'no-comparison']],
    ['{ check: no-comparison, reason: x, until: 2026-12-31 }', ['x', 'x']],
    ['{ check: no-comparison, reason: x, until: 2026-12-30 }', ['no-comparison', 'no-comparison', 'waiver-unused']],
  ])('%s', (waivers, expected) => {
    expect(waived(waivers, '2026-12-31')).toEqual(expected);
  });
});

describe('the JSON Schema', () => {
  const published = JSON.parse(readFileSync(join(__dirname, '../../schemas/loki-alerts.schema.json'), 'utf8'));
  const validate = new Ajv({ strictTypes: false, formats: { date: true } }).compile(published);

  test('is published (`npm run schema` writes it)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  test.each([
    [{ checks: { 'no-comparison': 'off' }, teams: { a: { receivers: ['b'] } }, labels: { team: {} } }, true],
    [{ checks: { 'no-comparson': 'off' } }, false],
    [{ checks: { 'no-comparison': 'warn' } }, false],
    [{ chekcs: {} }, false],
    [{ waivers: [{ check: 'no-comparison' }] }, false],
    [{ overrides: [{ paths: ['a'], checks: { 'no-comparson': 'off' } }] }, false],
  ])('%j: %s', (config, valid) => {
    expect(validate(config)).toBe(valid);
  });
});
