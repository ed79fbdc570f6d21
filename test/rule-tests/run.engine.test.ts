import { failureText } from '../../lib/rule-tests/report/text';
import { alert, got, useTester } from './tester';

const run = useTester();

test('computes the states of an alert at each evaluation', async () => {
  const expectation = (time: string, state: string) =>
    `      - { eval_time: ${time}, alertname: A, exp_state: ${state} }\n`;
  const states = [
    ['0s', 'inactive'],
    ['1m', 'pending'],
    ['2m', 'pending'],
    ['3m', 'firing'],
    ['5m', 'firing'],
    ['6m', 'inactive'],
  ];
  const [result] = await run(
    alert('sum by (app) (count_over_time({app="web"}[1m])) > 5', 'for: 2m'),
    `tests:
  - input_streams:
      - { labels: { app: web }, lines: [{ to: 5m, rate: 6/m, line: 'n {{n}}' }] }
    alert_rule_test:
${states.map(([time = '', state = '']) => expectation(time, state)).join('')}`,
  );

  expect(got(result)).toEqual([]);
  expect(result?.passed).toBe(true);
});

test('restarts `for` when a series is absent for one evaluation', async () => {
  const [result] = await run(
    alert('sum by (app) (count_over_time({app="web"}[1m])) > 0', 'for: 2m'),
    `tests:
  - input_streams:
      - labels: { app: web }
        lines: [{ at: 1m, line: a }, { at: 2m, line: b }, { at: 4m, line: c }, { at: 5m, line: d }, { at: 6m, line: e }]
    alert_rule_test:
      - { eval_time: 3m, alertname: A, exp_state: inactive }
      - { eval_time: 5m, alertname: A, exp_state: pending }
      - { eval_time: 6m, alertname: A, exp_state: firing }
`,
  );
  expect(got(result)).toEqual([]);
});

test('renders labels and annotations with any characters in values', async () => {
  const [result] = await run(
    alert(
      'sum by (app, path) (count_over_time({app="web"} | logfmt [1m])) > 0',
      `labels: { severity: warning }, annotations: { text: '{{ $labels.path }} {{ $value }} {{ $externalLabels.cluster }} {{ $labels }}' }`,
    ),
    `tests:
  - external_labels: { cluster: blue }
    input_streams:
      - { labels: { app: web }, lines: ['path="a \\"b\\" \\\\ ü {x}" n=1'] }
    alert_rule_test:
      - { eval_time: 0, alertname: A, exp_alerts: [] }
`,
  );
  const path = 'a "b" \\ ü {x}';
  expect(got(result)).toEqual([
    [
      {
        exp_labels: { app: 'web', path, severity: 'warning' },
        exp_annotations: { text: `${path} 1 blue map[app:web path:${path}]` },
      },
    ],
  ]);
});

test('returns all alerts of a rule that fire at the same time', async () => {
  const apps = ['a', 'b', 'c'];
  const [result] = await run(
    alert(
      'sum by (app) (count_over_time({app=~".+"}[1m])) > 0',
      `annotations: { text: 'for {{ $labels.app }}, it is' }`,
    ),
    `tests:
  - input_streams: [${apps.map((app) => `{ labels: { app: ${app} }, lines: [x] }`)}]
    alert_rule_test: [{ eval_time: 0, alertname: A, exp_alerts: [] }]
`,
  );
  const firing = apps.map((app) => ({ exp_labels: { app }, exp_annotations: { text: `for ${app}, it is` } }));
  expect(got(result)).toEqual([firing]);
});

test('answers queries in templates from the lines of the test, at each evaluation', async () => {
  const query = 'sum by (app, code) (count_over_time({app=~".+"} | logfmt [1m]))';
  const first = 'sum(count_over_time({app="db"} [1m]))';
  const [result] = await run(
    `groups:
  - name: g
    rules:
      - alert: A
        expr: 'sum by (app) (count_over_time({app="web"}[1m])) > 0'
        annotations:
          all: '{{ range query ${JSON.stringify(query)} | sortByLabel "code" }}{{ .Labels.app }} {{ .Labels.code }}={{ .Value }} {{ end }}'
          db: '{{ with ${JSON.stringify(first)} | query }}{{ . | first | value }}{{ else }}none{{ end }}'
`,
    `tests:
  - input_streams:
      - { labels: { app: web }, lines: [{ to: 2m, rate: 2/m, line: code=200 }] }
      - { labels: { app: db }, lines: [{ at: 2m, line: code=500 }] }
    alert_rule_test:
      - eval_time: 1m
        alertname: A
        exp_alerts: [{ exp_labels: { app: web }, exp_annotations: { all: 'web 200=2 ', db: none } }]
      - eval_time: 2m
        alertname: A
        exp_alerts: [{ exp_labels: { app: web }, exp_annotations: { all: 'web 200=2 db 500=1 ', db: '1' } }]
`,
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});

test('handles more samples than one query of promtool may read: a hundred alerts over an hour', async () => {
  const apps = Array.from({ length: 100 }, (_, i) => `a${i}`);
  const [result] = await run(
    alert('sum by (app) (count_over_time({app=~".+"}[2m])) > 0', 'for: 5m'),
    `tests:
  - input_streams: [${apps.map((app) => `{ labels: { app: ${app} }, lines: [{ to: 50m, rate: 1/m, line: '{{n}}' }] }`)}]
    alert_rule_test:
      - { eval_time: 5m, alertname: A, exp_state: pending }
      - { eval_time: 30m, alertname: A, exp_state: firing }
      - { eval_time: 1h, alertname: A, exp_state: inactive }
`,
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});

test('evaluates a group at its own interval', async () => {
  const [result] = await run(
    `groups: [{ name: g, interval: 5m, rules: [{ alert: A, expr: 'sum(count_over_time({app="web"}[1m])) > 0' }] }]`,
    `tests:
  - input_streams: [{ labels: { app: web }, lines: [{ at: 5m, line: a }] }]
    alert_rule_test:
      - { eval_time: 5m, alertname: A, exp_state: firing }
      - { eval_time: 10m, alertname: A, exp_state: inactive }
`,
  );
  expect(got(result)).toEqual([]);
});

test('compares samples and lines, and resolves the names of recording rules', async () => {
  const [result] = await run(
    `groups: [{ name: g, rules: [{ record: 'app:lines:rate1m', expr: 'sum by (app) (rate({app="web"}[1m]))', labels: { source: logs } }] }]`,
    `tests:
  - input_streams:
      - labels: '{app="web"}'
        lines: ['plain', { at: 30s, line: 'user=bob', structured_metadata: { trace: t1 } }]
    logql_expr_test:
      - { expr: 'app:lines:rate1m', eval_time: 30s, exp_samples: [{ labels: '{app="web", source="logs"}', value: 0.0333333333333 }] }
      - { expr: 'sum(count_over_time({app="web"}[1m])) / 0', eval_time: 30s, exp_samples: [{ value: 'NaN' }] }
      - { expr: '{app="web"} | trace="t1" | line_format "{{.trace}}"', eval_time: 30s, exp_logs: [{ line: t1, timestamp: 30000000000 }] }
      - { expr: '{app="web"} |= "nothing"', eval_time: 1m, exp_logs: [] }
`,
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});

test('fails if the ruler would fail to evaluate a rule, with the reason', async () => {
  const [parseError] = await run(
    alert('sum by (x) (sum_over_time({app="web"} | json | unwrap x [1m])) > 0'),
    `tests:
  - input_streams: [{ labels: { app: web }, lines: ['{"x": "no number"}'] }]
    alert_rule_test: [{ eval_time: 0, alertname: A, exp_alerts: [] }]
`,
  );
  expect(parseError?.passed).toBe(false);
  expect(parseError?.errors.join()).toMatch(/alert 'A' fails to evaluate, as it would in the ruler: .*pipeline error/s);

  const [sameLabels] = await run(
    alert('sum by (app) (count_over_time({job="x"}[1m])) > 0', 'labels: { app: all }'),
    `tests:
  - input_streams:
      - { labels: { job: x, app: a }, lines: [one] }
      - { labels: { job: x, app: b }, lines: [two] }
    alert_rule_test: [{ eval_time: 0, alertname: A, exp_alerts: [] }]
`,
  );
  expect(sameLabels?.errors).toEqual([
    "the ruler would fail to evaluate alert 'A' at 0s: vector contains metrics with the same labelset after applying alert labels",
  ]);
});

test('rejects input that Loki would reject, with its place', async () => {
  const many = Array.from({ length: 501 }, (_, i) => `'id=${i}'`);
  await expect(
    run(
      alert('sum by (id) (count_over_time({app="web"} | logfmt [10m])) > 0'),
      `tests:
  - interval: 1s
    input_streams: [{ labels: { app: web }, lines: [${many}] }]
    alert_rule_test: [{ eval_time: 9m, alertname: A, exp_alerts: [] }]
`,
    ),
  ).rejects.toThrow(
    /rules.yaml:1:47: error: alert 'A': returns 501 series in test .*more than Loki's max_query_series \(500\)/,
  );
  await expect(
    run(
      alert('sum(count_over_time({app="web"}[10m])) > 0'),
      `tests:
  - input_streams: [{ labels: { app: '${'x'.repeat(3000)}' }, lines: [a] }]
    alert_rule_test: [{ eval_time: 9m, alertname: A, exp_alerts: [] }]
`,
    ),
  ).rejects.toThrow(/rules.test.yaml:3:20: error: test 'tests\[0\]': Loki rejects the lines: .*400/);
});

test('shows the difference and a plot of the expression for a failure', async () => {
  const [result] = await run(
    alert(
      'sum by (app) (rate({job="x"}[1m])) > 1',
      `for: 1m, labels: { severity: warning }, annotations: { title: '{{ $value }}' }`,
    ),
    `tests:
  - name: flood
    input_streams:
      - { labels: { job: x, app: a }, lines: [{ from: 1m, to: 10m, rate: 2/s, line: 'n {{n}}' }] }
      - { labels: { job: x, app: b }, lines: [{ to: 10m, rate: 30/m, line: 'n {{n}}' }] }
    alert_rule_test:
      - { eval_time: 1m, alertname: A, exp_state: inactive }
      - { eval_time: 8m, alertname: A, exp_alerts: [{ exp_labels: { app: a, severity: critical }, exp_annotations: { title: '2' } }] }
`,
  );
  expect(result && failureText(result)).toMatchInlineSnapshot(`
"    A: firing alerts at 8m (rules.test.yaml:9:52)
      - expected  + got
        - exp_labels:
            app: a
      -     severity: critical
      +     severity: warning
          exp_annotations:
            title: "2"

    A: the expression against > 1, every 1m
        2 │            ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●
          │
          │
        1 │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
          │
          │      ○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○
          │
        0 │
          └──────────────────────────────────────────────────────
           0s                                                  8m
    state  ············▒▒▒▒▒▒████████████████████████████████████  ▒ pending  █ firing
     test        ✓                                         ✗
           ● {app="a"}
           ○ {app="b"}"
`);
});
