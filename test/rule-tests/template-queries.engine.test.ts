import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient, quickLokiConfig, startLoki } from '../../lib/engines';
import type { AlertRule } from '../../lib/rules/model';
import { ruleFileToYaml } from '../../lib/rules/write';
import { got, useTester } from './tester';

const run = useTester();

/** Names of apps, which are labels of the alerts. */
const APPS = ['web', 'a "quoted" \\ name', '`tick` ❌ {{ .x }}'];

/** Lines of each app, with their number. */
const LINES: readonly (readonly [line: string, count: number])[] = [
  ['error 17 of "order" \\d+ `tick` \'q\'', 5],
  ['error {{ .Labels.app }} {{ end }} {a="b"} %d %!q(x)', 4],
  ['error first\nsecond\tthird\r', 3],
  ['error ❌ 日本語 \u0000 \u007f \u0085 \u2028 \u2029 \ufeff \uffff <!channel> [x](y)', 2],
  ['error __loki_alerts_query__="q6162"', 1],
];

const SAMPLES =
  'sort_desc(topk(4, sum by (sample) (count_over_time({app=%q} |= `error` | label_format sample="{{ regexReplaceAll \\"[0-9]+\\" __line__ \\"#\\" }}" [10m]))))';
const samples = JSON.stringify(SAMPLES);
const COUNT = '`sum by (app) (count_over_time({app=~".+"}[10m]))`';

/** Texts of annotations. */
const TEXTS = [
  `{{ range query (printf ${samples} $labels.app) }}[{{ .Value }}x {{ .Labels.sample }}] {{ end }}`,
  '{{ printf `sum(count_over_time({app=%q}[10m])) * %d + %.1f` $labels.app 2 $value | query | first | value }}',
  '{{ $q := print `sum(count_over_time({app="` "web" `"}[10m]))` }}{{ with query $q }}{{ . | first | value }}{{ end }}',
  `{{ range query ${COUNT} }}{{ .Labels.app }}={{ range query (printf ${samples} .Labels.app) }}{{ .Value }},{{ end }} {{ end }}`,
  '{{ with query (printf `sum(count_over_time({app=%q} |= "none"[10m])) > 0` .Labels.app) }}some{{ else }}none{{ end }}',
  '{{ if gt (len (query (printf `count_over_time({app=%q}[10m])` (index $labels "app")))) 0 }}lines{{ end }}',
  '{{ if false }}{{ else if query (printf `count_over_time({app=%q}[10m])` $labels.app) }}lines{{ end }}',
  '{{ define "n" }}{{ query (printf `count_over_time({app=%q}[10m])` .) | first | strvalue }}{{ end }}{{ template "n" $labels.app }}',
  `{{ range query ${COUNT} | sortByLabel "app" }}{{ label "app" . }};{{ end }}`,
  '{{ $s := query (printf `topk(1, %s)` (printf `sum by (app) (count_over_time({app=%q}[10m]))` $labels.app)) }}{{ len $s }}',
  `{{ range query \`sort(${COUNT.slice(1, -1)} * 0)\` }}{{ .Value }} {{ end }}{{ query "vector(0)/vector(0)" | first | value }} {{ query "-1 * vector(1)/vector(0)" | first | value }}`,
  '{{ query (reReplaceAll "X" (toLower "ERROR") `sum(count_over_time({app=~".+"} |= "X"[10m]))`) | first | value }}',
  '{{ query `sum(count_over_time({app="none"}[10m]))` | first | value }}',
  'x\n❌ {{ with query `sum(count_over_time({app="none"}[10m]))` }}{{ end }}{{ `vector(1)` | query | len }} {{ index (query (print `vector(1)` ")" "(" "" | reReplaceAll "[)][(]$" "")) 5 }}',
  '{{ with query "vector(1)" }}{{ end }}{{ define "e" }}\n{{ query `vector(1)` | len }}{{ index (`vector(1)` | query) 5 }}{{ end }}{{ template "e" }}',
];

const RULE: AlertRule = {
  alert: 'A',
  expr: 'sum by (app) (count_over_time({app=~".+"}[10m])) > 0',
  labels: { team: '{{ query (printf `sum(count_over_time({app=%q} |= "first"[10m]))` $labels.app) | first | value }}' },
  annotations: Object.fromEntries(TEXTS.map((text, i) => [`text${i}`, text])),
};

interface Seen {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const byApp = (a: Seen, b: Seen) => (`${a.labels.app}` < `${b.labels.app}` ? -1 : 1);

/** Returns the alerts of a real ruler. */
async function alertsOfRuler(): Promise<Seen[]> {
  const ruler = { evaluation_interval: '1s', poll_interval: '1s' };
  const file = { name: 'r.yaml', groups: [{ name: 'g', rules: [RULE] }] };
  const loki = await startLoki(({ dir }) => quickLokiConfig({ dir, ruler }), {
    files: { 'rules/fake/r.yaml': ruleFileToYaml(file) },
  });
  try {
    const client = new LokiClient(loki.url);
    const zero = BigInt(Date.now() - 2000) * 1_000_000n;
    const entries = LINES.flatMap(([line, count]) => Array.from({ length: count }, () => line)).map(
      (line, i) => [zero + BigInt(i), line] as const,
    );
    await client.push(APPS.map((app) => ({ labels: { app }, entries })));
    for (;;) {
      const [rule] = (await client.rules()).flatMap((group) => group.rules);
      if (rule?.alerts?.length === APPS.length) {
        return rule.alerts
          .map(({ labels: { alertname: _, ...labels }, annotations }) => ({ labels, annotations }))
          .sort(byApp);
      }
      await sleep(200);
    }
  } finally {
    await loki.stop();
  }
}

test('answers queries that templates put together as the ruler does', async () => {
  const actual = await alertsOfRuler();
  const lines = LINES.flatMap(([line, count]) => Array.from({ length: count }, () => line));
  const streams = APPS.map((app) => ({
    labels: { app },
    lines: lines.map((line, i) => ({ at: `${i}ms`, line })),
  }));
  const [result] = await run(
    ruleFileToYaml({ name: 'r.yaml', groups: [{ name: 'g', rules: [RULE] }] }),
    `tests: [{ input_streams: ${JSON.stringify(streams)}, alert_rule_test: [{ eval_time: 2m, alertname: A, exp_alerts: [] }] }]`,
  );
  const [firing] = got(result) as { exp_labels: Seen['labels']; exp_annotations: Seen['annotations'] }[][];
  const found = (firing ?? [])
    .map((each) => ({ labels: each.exp_labels, annotations: each.exp_annotations }))
    .sort(byApp);
  expect(result?.errors).toEqual([]);
  expect(found).toEqual(actual);
  const texts = Object.values(actual[0]?.annotations ?? {});
  expect(texts).toContainEqual(expect.stringMatching(/^\[5x error # of "order"/));
  expect(texts.filter((text) => text.startsWith('<error')).length).toBe(3);
}, 60_000);

const lines501 = Array.from({ length: 501 }, (_, i) => `{ at: ${i}ms, line: n=${i} }`);

test.each([
  ['a log query', '{app=%q}', /the query '\{app="web"\}' .* fails at 1m, .*: it returns lines, not samples/],
  ['invalid LogQL', '{app=%q', /the query '\{app="web"' of a template fails at 1m, .*: Loki answered 400.*parse error/],
  ['a line that a stage cannot process', 'sum(sum_over_time({app=%q} | logfmt | unwrap x [1m]))', /pipeline error/],
  [
    'too many series',
    'sum by (n) (count_over_time({app=%q} | logfmt [1m]))',
    /501 series, more than .*max_query_series \(500\)/,
  ],
])('a test fails if its template queries %s', async (_name, query, reason) => {
  const [result] = await run(
    `groups: [{ name: g, rules: [{ alert: A, expr: 'sum by (app) (count_over_time({app="web"}[1m])) > 0', annotations: { text: '{{ range query (printf \`${query}\` $labels.app) }}{{ .Value }}{{ end }}' } }] }]`,
    `tests: [{ input_streams: [{ labels: { app: web }, lines: [${lines501}, { at: 1m, line: x=y }] }], alert_rule_test: [{ eval_time: 1m, alertname: A, exp_state: firing }] }]`,
  );
  expect(result?.errors).toEqual([expect.stringMatching(reason)]);
  expect(result?.passed).toBe(false);
});
