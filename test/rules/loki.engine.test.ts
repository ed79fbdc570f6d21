import { setTimeout as sleep } from 'node:timers/promises';
import { quickLokiConfig, startLoki } from '../../lib/engines';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import type { AlertRule } from '../../lib/rules/model';
import { readRules } from '../../lib/rules/read';
import { shardRules } from '../../lib/rules/shards';
import { ruleFileToYaml } from '../../lib/rules/write';

const rule = (fields: string) => `groups: [{name: g, rules: [{${fields}}]}]\n`;
const ALERT = `alert: A, expr: 'rate({app="x"}[5m]) > 1'`;
const RECORD = `record: a:b, expr: 'rate({app="x"}[5m])'`;

/** Files that Loki refuses: the checks must report an error. */
const REFUSED = [
  '',
  '# nothing\n',
  'groups: [',
  'groups:\n\t- name: g\n',
  'groups: {a: b}\n',
  'groups: [a]\n',
  'groups: *a\n',
  'groups: &a [{name: g, rules: *a}]\n',
  'groups: [{name: &é g}]\n',
  rule(`${ALERT}, annotations: {a: why?}`),
  rule(`${ALERT}, annotations: {a: :b}`),
  'group: []\n',
  `group: [{name: g, rules: [{${ALERT}}]}]\n`,
  `{name: g, rules: [{${ALERT}}]}\n`,
  `[{name: g, rules: [{${ALERT}}]}]\n`,
  `[{${ALERT}}]\n`,
  `{${ALERT}}\n`,
  `%YAML 1.2\n---\n${rule(ALERT)}`,
  `# rules\n%YAML 1.2\n---\n${rule(ALERT)}`,
  `a: b\n---\n${rule(ALERT)}`,
  `apiVersion: v1\nkind: Namespace\n---\n${rule(ALERT)}`,
  'groups: [{rules: []}]\n',
  'groups: [{name: g}, {name: g}]\n',
  'groups: [{name: g, interval: 1.5m}]\n',
  'groups: [{name: g, interval: 60}]\n',
  'groups: [{name: g, limit: "5"}]\n',
  'groups: [{name: g, limit: x}]\n',
  rule(`expr: 'rate({app="x"}[5m])'`),
  rule(`${ALERT}, record: b`),
  rule('alert: A'),
  rule('alert: A, expr: [x]'),
  rule(`${ALERT}, alert: B`),
  rule(`${ALERT}, sevirity: x`),
  rule(`${ALERT}, for: 5`),
  rule(`${ALERT}, for: 1m1h`),
  rule(`${ALERT}, for: -1m`),
  rule(`${ALERT}, for: 300y`),
  rule(`${ALERT}, labels: {a-b: c}`),
  rule(`${ALERT}, labels: {__name__: c}`),
  rule(`${ALERT}, labels: [a]`),
  rule(`${ALERT}, labels: {a: [b]}`),
  rule(`${ALERT}, labels: {a: b, a: c}`),
  rule(`${ALERT}, annotations: {a b: c}`),
  rule(`${ALERT}, annotations: {a: '{{ $labels.x'}`),
  rule(`${ALERT}, annotations: {a: '{{ $externalURL }}'}`),
  rule(`${ALERT}, labels: {a: '{{ nope }}'}`),
  rule(`${RECORD}, for: 1m`),
  rule(`${RECORD}, annotations: {a: b}`),
  rule(RECORD.replace('a:b', 'a-b')),
  rule(RECORD.replace('a:b', 'ä')),
  rule(`${ALERT}, labels: {<<: }`),
  rule(`${ALERT}, labels: {<<: x}`),
  rule(ALERT).replace(': ', ':\r'),
  'groups: \u0001\n',
];

/** Files that Loki loads: the checks must not report an error. */
const LOADED = [
  ruleFileToYaml({
    name: 'waived.yaml',
    groups: [
      {
        name: 'g',
        rules: [
          { alert: 'A', expr: 'vector(1)', waive: [{ check: 'no-comparison', reason: 'a\u2028\n- b: [\u0001\ud800' }] },
        ],
      },
    ],
  }),
  rule(ALERT),
  rule(RECORD),
  `\ufeff${rule(ALERT)}`,
  rule(ALERT).replaceAll('\n', '\r\n'),
  rule(ALERT).replaceAll('\n', '\r'),
  `---\n${rule(ALERT)}---\n`,
  `%YAML 1.1\n---\n${rule(ALERT)}`,
  'groups: [{name: 7, interval: 0, limit: 3, rules: []}]\n',
  rule(`${ALERT}, for: 0`),
  rule(`${ALERT}, for: 1y2w3d4h5m6s7ms`),
  rule(`${ALERT}, for: null, labels: null, annotations: {}`),
  rule(`${ALERT}, labels: {a: 010, b: yes, c: null, d: 1e3, e: 2001-01-01, f: !!str 5}`),
  rule(`${ALERT}, labels: &l {a: b}}, {${RECORD}, labels: {<<: *l, a: c}`),
  rule(`${ALERT}, annotations: {a: '{{ externalURL }} {{ $labels.app }} {{ $value | humanize }}'}`),
  rule(`${RECORD}, for: 0s, annotations: {}`),
];

describe('compared with a real Loki', () => {
  jest.setTimeout(120_000);

  test('the checks refuse the files that Loki refuses', async () => {
    const texts = [...REFUSED, ...LOADED];
    const files = Object.fromEntries(texts.map((text, i) => [`rules/${i}/r.yaml`, text]));
    const loki = await startLoki(({ dir }) => quickLokiConfig({ dir, multiTenant: true }), { files });
    try {
      const verdicts = await Promise.all(
        texts.map(async (text, i) => {
          const response = await fetch(`${loki.url}/loki/api/v1/rules`, { headers: { 'X-Scope-OrgID': `${i}` } });
          // 404: Loki has loaded the file, which has no groups.
          return { text, refused: !response.ok && response.status !== 404 };
        }),
      );
      expect(verdicts).toEqual(texts.map((text, i) => ({ text, refused: i < REFUSED.length })));
    } finally {
      await loki.stop();
    }
    const ours = texts.map((text) => {
      const errors = checkRuleFiles(readRules(text, 'r.yaml', { target: 'loki' })).filter(
        ({ severity }) => severity === 'error',
      );
      return { text, refused: errors.length > 0 };
    });
    expect(ours).toEqual(texts.map((text, i) => ({ text, refused: i < REFUSED.length })));
  });

  test('Loki loads written and sharded rules with every text unchanged', async () => {
    const odd = [
      'yes',
      '007',
      'a: b',
      '# c',
      ' \n x',
      'a\u2028b',
      '\u0085',
      '\ufeff',
      '{{ "}}" }}',
      "it's",
      'a\tb\n\n',
      '😀',
    ];
    const rules: AlertRule[] = odd.map((text, i) => ({
      alert: `A${i}`,
      expr: `count_over_time({app="x"} |= ${JSON.stringify(`${text}${'.'.repeat(200)}`)} [5m]) > 0`,
      annotations: { text },
    }));
    const groups = rules.map((one, i) => ({ name: `g${i} ${odd[i]}`, rules: [one] }));
    const shards = shardRules([{ name: 'r.yaml', groups }], 2000);
    expect(shards.length).toBeGreaterThan(1);
    const files = Object.fromEntries(
      shards.flatMap(({ data }) => Object.entries(data)).map(([key, yaml]) => [`rules/fake/${key}`, yaml]),
    );
    const loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files });
    try {
      // As JSON, because Loki's own YAML folds long lines.
      let loaded: [string, string | undefined][] = [];
      while (loaded.length < groups.length) {
        await sleep(100);
        const response = await fetch(`${loki.url}/prometheus/api/v1/rules`);
        const { data } = (await response.json()) as { data: { groups: { name: string; rules: AlertRule[] }[] } };
        loaded = data.groups.map((group) => [group.name, group.rules[0]?.annotations?.text]);
      }
      expect(loaded.sort()).toEqual(groups.map((group) => [group.name, group.rules[0]?.annotations?.text]).sort());
    } finally {
      await loki.stop();
    }
  });
});
