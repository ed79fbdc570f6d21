import type { CheckOptions } from '../../lib/rules/check-options';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import type { AlertRule, RecordingRule, Rule, RuleFile, RuleGroup } from '../../lib/rules/model';
import { readRules } from '../../lib/rules/read';
import { ruleFileToYaml } from '../../lib/rules/write';
import fc, { anyCharacter } from '../support/properties';

const ALERT: AlertRule = { alert: 'A', expr: 'sum by (app) (rate({app="x"}[5m])) > 1' };
const RECORD: RecordingRule = { record: 'app:lines:rate5m', expr: 'sum by (app) (rate({app="x"}[5m]))' };

const file = (...rules: Rule[]): RuleFile => ({ name: 'r.yaml', groups: [{ name: 'g', rules }] });
const ids = (files: readonly RuleFile[], options?: CheckOptions) => checkRuleFiles(files, options).map(({ id }) => id);
const ofAlert = (change: Partial<AlertRule>, options?: CheckOptions) => ids([file({ ...ALERT, ...change })], options);
const ofExpr = (expr: string, options?: CheckOptions) => ofAlert({ expr }, options);
const ofGroup = (change: Partial<RuleGroup>, options?: CheckOptions) =>
  ids([{ name: 'r.yaml', groups: [{ name: 'g', rules: [ALERT], ...change }] }], options);

describe('checkRuleFiles', () => {
  test('returns no findings for valid rules', () => {
    expect(ids([file(ALERT, RECORD)])).toEqual([]);
  });

  test('returns findings with place, subject, problem and fix', () => {
    expect(checkRuleFiles([file({ ...ALERT, for: '1.5m' })])).toEqual([
      {
        id: 'for-duration',
        severity: 'error',
        subject: "alert 'A' in group 'g' of 'r.yaml'",
        path: ['groups', 0, 'rules', 0, 'for'],
        problem: 'invalid duration "1.5m"',
        fix: 'use whole numbers with units, e.g. "90s" or "1h30m"',
        place: undefined,
      },
    ]);
  });

  test.each<[string, readonly RuleFile[]]>([
    ['file-name', [{ ...file(ALERT), name: 'a/b.yaml' }]],
    ['file-name', [{ ...file(ALERT), name: '..data' }]],
    ['file-name-repeated', [file(ALERT), file(RECORD)]],
    ['empty-file', [{ name: 'r.yaml', groups: [] }]],
    ['alert-name-repeated', [file(ALERT), { ...file(ALERT), name: 'other.yaml' }]],
    ['alert-name-repeated', [file(ALERT, ALERT)]],
    [
      'group-name-repeated',
      [
        {
          name: 'r.yaml',
          groups: [
            { name: 'g', rules: [ALERT] },
            { name: 'g', rules: [RECORD] },
          ],
        },
      ],
    ],
  ])('reports %s of files', (id, files) => {
    expect(ids(files, { asConfigMaps: true })).toEqual([id]);
  });

  test.each<[string, Partial<RuleGroup>]>([
    ['group-name', { name: '' }],
    ['group-interval', { interval: '1.5m' }],
    ['group-interval', { interval: '60' }],
    ['group-limit', { limit: -1 }],
    ['group-limit', { limit: 1.5 }],
    ['empty-group', { rules: [] }],
    ['group-too-large', { rules: [{ ...ALERT, annotations: { text: 'x'.repeat(210 * 1024) } }] }],
    ['group-too-large', { rules: [{ ...ALERT, annotations: { text: '>'.repeat(40 * 1024) } }] }],
    ['range-below-interval', { interval: '10m' }],
  ])('reports %s: %j', (id, change) => {
    expect(ofGroup(change, { asConfigMaps: true })).toEqual([id]);
  });

  test('applies the limits of ConfigMaps only with asConfigMaps', () => {
    expect(ids([{ ...file(ALERT), name: 'a b.yaml' }])).toEqual([]);
    expect(ids([{ ...file(ALERT), name: '../a.yaml' }])).toEqual(['file-name']);
    expect(ofGroup({ rules: [{ ...ALERT, annotations: { text: 'x'.repeat(210 * 1024) } }] })).toEqual([]);
  });

  test.each<[string, Partial<AlertRule>]>([
    ['rule-name', { alert: '' }],
    ['expr-missing', { expr: '' }],
    ['for-duration', { for: '5' }],
    ['for-duration', { for: '-1m' }],
    ['for-below-interval', { for: '30s' }],
    ['label-name', { labels: { 'a-b': 'c' } }],
    ['label-name', { labels: { __name__: 'c' } }],
    ['label-value', { labels: { a: '\ud800' } }],
    ['annotation-name', { annotations: { 'a b': 'c' } }],
    ['rule-template', { annotations: { title: '{{ $labels.app' } }],
    ['rule-template', { annotations: { title: '{{ $externalURL }}' } }],
    ['rule-template', { labels: { title: '{{ sprigFunction }}' } }],
    ['rule-template-field', { annotations: { title: '{{ .Foo }}' } }],
    ['value-in-label', { labels: { rate: '{{ $value }}' } }],
    ['value-in-label', { labels: { at: '{{ now }}' } }],
    ['template-label', { annotations: { title: '{{ $labels.pod }}' } }],
    ['template-label', { annotations: { title: '{{ .Labels.severity }}' }, labels: { severity: 'warning' } }],
    ['template-label', { expr: 'absent_over_time({app="x"}[5m])', annotations: { title: '{{ $labels.pod }}' } }],
    ['label-overwritten', { labels: { app: 'y' } }],
    ['for-outlasts-range', { expr: 'sum by (app) (count_over_time({app="x"} |= "e" [5m])) > 0', for: '5m' }],
    ['for-outlasts-range', { expr: '0 < rate({app="x"} |~ "e" [5m])', for: '10m' }],
    ['for-outlasts-range', { expr: 'max(count_over_time({app="x"} | json | level="e" [5m])) >= 1', for: '5m' }],
    ['for-outlasts-range', { expr: 'count_over_time({app="x"} |= "e" [5m])', for: '6m' }],
    ['unique-grouping', { expr: 'sum by (trace_id) (rate({app="x"} | pattern "<trace_id> <_>" [5m])) > 1', for: '5m' }],
  ])('reports %s: %j', (id, change) => {
    expect(ofAlert(change)).toEqual([id]);
  });

  test.each<Partial<AlertRule>>([
    { for: '0' },
    { annotations: { title: '{{ $labels.app }} {{ $value }} {{ .Labels.app }} {{ $externalLabels.cluster }}' } },
    {
      expr: 'rate({app="x"}[5m]) > 1',
      annotations: { title: '{{ $labels.pod }}' },
      labels: { app: '{{ $labels.pod }}' },
    },
    { for: '1h30m' },
    { expr: 'count_over_time({app="x"} |= "e" [10m]) > 0', for: '5m' },
    { expr: 'count_over_time({app="x"} |= "e" [5m]) > 20', for: '5m' },
    { expr: 'count_over_time({app="x"} |= "e" [5m]) > 0' },
    { expr: 'sum by (app, message) (count_over_time({app="x"} | pattern "<message> <_>" [10m])) > 3', for: '1m' },
    { expr: 'absent_over_time({app="shop"}[5m])', labels: { app: 'shop' } },
    { annotations: { title: '{{ range query `sum by (pod) (rate({app="x"}[5m]))` }}{{ .Labels.pod }}{{ end }}' } },
    { labels: { severity: 'warning' }, annotations: { title: '{{ range query "vector(1)" }}{{ .Value }}{{ end }}' } },
    { labels: { severity: '{{ if gt $value 9.0 }}critical{{ else }}warning{{ end }}' } },
  ])('accepts %j', (change) => {
    expect(ofAlert(change)).toEqual([]);
  });

  test.each([
    ['record-name', { record: 'a-b' }],
    ['record-for', { for: '1m' }],
    ['record-annotations', { annotations: { a: 'b' } }],
    ['rule-name', { alert: 'A' }],
    ['rule-name', { record: '' }],
  ])('reports %s of a recording rule', (id, change) => {
    expect(ids([file({ ...RECORD, ...change } as Rule)])).toContain(id);
  });

  test.each([
    ['logql-syntax', 'rate({app="x"}[5m'],
    ['logql-matchers', 'rate({app=~".*"}[5m]) > 1'],
    ['rule-log-query', '{app="x"}'],
    ['line-filter-regex', 'rate({app="x"} |~ "(" [5m]) > 1'],
    ['format-template', 'rate({app="x"} | line_format "{{ .a" |= "b" [5m]) > 1'],
    ['line-format-unread', 'rate({app="x"} | line_format "{{ .a" [5m]) > 1'],
    ['template-function', 'rate({app="x"} | label_format a="{{ nope }}" [5m]) > 1'],
    ['no-comparison', 'sum(rate({app="x"}[5m]))'],
    ['no-comparison', 'sum(rate({app="x"}[5m])) > bool 1'],
    ['no-comparison', 'vector(1)'],
    ['no-comparison', 'sum(rate({app="x"} | json | __error__="" [5m]))'],
    ['no-comparison', 'sum(rate({app="x"} |= "e" [5m])) > bool 1'],
    ['no-comparison', 'rate({app="x"}[5m]) > 1 or rate({app="y"}[5m])'],
    ['count-never-zero', 'sum(count_over_time({app="x"}[5m])) == 0'],
    ['count-never-zero', 'rate({app="x"}[5m]) < 1'],
    ['count-never-zero', '1 >= bytes_rate({app="x"}[5m])'],
    ['range-below-interval', 'rate({app="x"}[30s]) > 1'],
    ['selector-label-unknown', 'rate({namspace="x"}[5m]) > 1'],
    ['selector-label-unknown', 'rate({detected_level="error"}[5m]) > 1'],
    ['pipeline-error', 'sum by (app) (rate({app="x"} | json [5m])) > 1'],
    ['pipeline-error', 'sum by (app) (rate({app="x"} | logfmt --strict [5m])) > 1'],
    ['pipeline-error', 'sum(rate({app="x"} | json | app="x" [5m])) > 1'],
    ['pipeline-error', 'sum(rate({app="x"} | json | detected_level="error" [5m])) > 1'],
    ['pipeline-error', 'sum(rate({app="x"} | json | status >= 500 or __error__="" [5m])) > 1'],
    ['pipeline-error', 'sum(sum_over_time({app="x"} | json | unwrap size | __error__!="JSONParserErr" [5m])) > 1'],
    ['own-query-log', 'sum(rate({namespace=~".+"} |= "panic" [5m])) > 1'],
    ['own-query-log', 'sum(rate({namespace="logging"} |= "panic" [5m])) > 1'],
    ['selector-label-unknown', 'sum(rate({namspace="x"}[5m])) / sum(rate({namspace="x"}[5m])) > 1'],
    ['own-query-log', 'sum(rate({container=~"l.*"} |~ "(?i)PANIC" [5m])) > 1'],
  ])('reports %s: %s', (id, expr) => {
    expect(ofExpr(expr)).toEqual([id]);
  });

  test.each([
    'absent_over_time({app="x"}[5m])',
    'count_over_time({app="x"}[1d]) unless count_over_time({app="x"}[5m])',
    '(sum(rate({app="x"}[5m])) or vector(0)) < 1',
    'sum(rate({app="x"}[5m]) > 1)',
    'sum by (app) (count_over_time({app="x"} |= "Could not connect" [1m]))',
    'sum by (app) (count_over_time({app="x"} | logfmt | level="error" [1m]))',
    '20 < sum(count_over_time({app="x"}[5m]))',
    'sum(count_over_time({app="x"}[5m])) < 5 or absent_over_time({app="x"}[5m])',
    'sum(count_over_time({app="x"}[5m])) < 5 and sum(count_over_time({app="x"}[5m])) > 0',
    'sum(rate({compose_service=~".+", compose_service!="loki"} |= "panic" [5m])) > 1',
    'sum(rate({service=~"a|b"} |= "panic" [5m])) > 1',
    'sum(rate({service_name!~"loki|grafana", namespace=~".+"} |= "panic" [5m])) > 1',
    'sum(rate({job="nginx-access-logs"} |= "panic" [5m])) > 1',
    'rate({app="x"}[5m]) > 1 and on() vector(1)',
    'sum(rate({app="x"} | json | __error__="" [5m])) > 1',
    'sum(rate({app="x"} | json | level="error" [5m])) > 1',
    'sum(rate({app="x"} | json | drop __error__, __error_details__ [5m])) > 1',
    'sum(rate({app="x"} | json | status >= 500 and level="error" | __error__="" [5m])) > 1',
    'sum(rate({app="x"} | logfmt [5m])) > 1',
    'sum(sum_over_time({app="x"} | logfmt | unwrap bytes(size) | __error__="" [5m])) > 1',
    'sum(rate({namespace=~".+"}[5m])) > 1',
    'sum(rate({namespace="shop"} |= "panic" [5m])) > 1',
    'sum(rate({namespace=~".+"} |~ "pan[ie]c:" [5m])) > 1',
    'sum(rate({namespace=~".+", container!="loki"} |= "panic" [5m])) > 1',
    'sum(rate({namespace=~".+"} |= "panic" != "query_hash=" [5m])) > 1',
    'sum(rate({namespace=~".+"} |= "panic" | detected_level="error" [5m])) > 1',
  ])('accepts %s', (expr) => {
    expect(ofExpr(expr)).toEqual([]);
  });

  test('checks rules against the options of the stack', () => {
    expect(ofAlert({ labels: { severity: 'warn' } }, { severities: ['warning'] })).toEqual(['severity-unknown']);
    expect(ofAlert({ labels: { severity: 'warning' } }, { severities: ['warning'] })).toEqual([]);
    expect(ofAlert({}, { collectorLabels: ['pod'] })).toEqual(['selector-label-unknown']);
    const jobs = { namespacedJobs: true };
    expect(ofExpr('sum(rate({job="web"}[5m])) + sum(rate({job="web"}[1m])) > 1', jobs)).toEqual(['selector-job']);
    expect(ofExpr('sum(rate({job=~"web|a/b", job!="x"}[5m])) / sum(rate({job="a/web"}[5m])) > 1', jobs)).toEqual([]);
    expect(ofExpr('sum(rate({job="web"}[5m])) > 1')).toEqual([]);
    const labels = { collectorLabels: ['app'] };
    const unknown = 'sum by (host, level) (rate({app="x"}[5m])) > 1';
    expect(ofExpr(unknown, labels)).toEqual(['grouping-label-unknown', 'grouping-label-unknown']);
    expect(ofExpr(unknown)).toEqual([]);
    expect(ofExpr('sum by (app, host) (rate({app="x"}[5m])) > 1', labels)).toEqual(['grouping-label-empty']);
    expect(ofExpr('rate({service_name="x"}[5m]) > 1', labels)).toEqual(['selector-label-unknown']);
    expect(ofExpr('rate({service_name="x"}[5m]) > 1')).toEqual([]);
    for (const known of [
      'sum by (app, detected_level, __error__) (rate({app="x"}[5m])) > 1',
      'sum by (host) (rate({app="x"} | logfmt host | __error__="" [5m])) > 1',
      'sum by (host) (rate({app="x"} | label_format host=app [5m])) > 1',
      'sum by (host) (label_replace(rate({app="x"}[5m]), "host", "$1", "app", "(.*)")) > 1',
      'sum by (trace_id) (rate({app="x"} | (trace_id != "" or app="y") [5m])) > 1',
      'sum without (host) (rate({app="x"}[5m])) > 1',
    ]) {
      expect(ofExpr(known, labels)).toEqual([]);
    }
    expect(ofAlert({}, { evaluationInterval: '10m' })).toEqual(['range-below-interval']);
    expect(ids([file(RECORD)], { remoteWrite: false })).toEqual(['record-without-remote-write']);
    const filter = 'sum(rate({namespace=~".+", app!="my-loki"} |= "panic" [5m])) > 1';
    expect(ofExpr(filter, { lokiLabels: { app: 'my-loki' } })).toEqual([]);
    expect(ofExpr(filter)).toEqual(['own-query-log']);
    // A matcher on a label that no stream has excludes nothing.
    const noSuchLabel = 'sum(rate({namespace=~".+", container!="loki"} |= "panic" [5m])) > 1';
    expect(ofExpr(noSuchLabel, { collectorLabels: ['namespace'] })).toContain('own-query-log');
  });

  test('reports a label that no common collector sets once', () => {
    const rule = (alert: string, label: string): AlertRule => ({
      ...ALERT,
      alert,
      expr: `rate({${label}="x"}[5m]) > 1`,
    });
    const files = [file(rule('A', 'tier'), rule('B', 'tier'), rule('C', 'zone'))];
    expect(ids(files)).toEqual(['selector-label-unknown', 'selector-label-unknown']);
    expect(ids(files, { collectorLabels: ['app'] })).toHaveLength(3);
  });

  test('accepts equal names in separate folders', () => {
    const files = ['a', 'b'].flatMap((folder) =>
      readRules(ruleFileToYaml(file({ ...ALERT, for: '10m' })), `${folder}/r.yaml`),
    );
    expect(ids(files)).toEqual(['file-name-repeated', 'alert-name-repeated']);
    expect(ids(files, { separateFolders: true })).toEqual([]);
  });

  test('accepts a query of any depth and length', () => {
    expect(ofExpr(`${'('.repeat(5000)}rate({app="x"}[5m])${')'.repeat(5000)} > 1`)).toEqual([]);
    expect(ofExpr(`${'sum('.repeat(5000)}rate({app="x"}[5m])${')'.repeat(5000)} > 1`)).toEqual([]);
    expect(ofExpr(`rate({app="x"} | ${Array(2000).fill('a="b"').join(' or ')} [5m]) > 1`)).toEqual([]);
    expect(ofExpr(`rate({app="x"} |= "${'y'.repeat(200_000)}" [5m]) > 1`)).toHaveLength(1);
  });

  test('never throws', () => {
    const text = fc.string({ unit: anyCharacter });
    fc.assert(
      fc.property(text, text, text, text, (name, expr, time, label) => {
        checkRuleFiles([
          {
            name,
            groups: [
              {
                name,
                interval: time,
                rules: [{ alert: name, expr, for: time, labels: { [label]: label }, annotations: { a: `{{${label}` } }],
              },
            ],
          },
        ]);
      }),
    );
  });
});

describe('waivers', () => {
  const waived = (...waive: [string, string][]) => waivedWith({}, ...waive);
  const waivedWith = (options: CheckOptions, ...waive: [string, string][]) =>
    checkRuleFiles(
      [file({ ...ALERT, expr: 'rate({app="x"}[5m])', waive: waive.map(([check, reason]) => ({ check, reason })) })],
      options,
    );

  test('hide a warning, with a reason', () => {
    expect(waived(['no-comparison', 'a heartbeat'])).toEqual([]);
  });

  test.each<[string, CheckOptions]>([
    ['selector-job', { namespacedJobs: true }],
    ['selector-label-unknown', { collectorLabels: ['app'] }],
    ['grouping-label-unknown', { collectorLabels: ['app'] }],
    ['grouping-label-empty', { collectorLabels: ['app'] }],
  ])('of %s are reported as unused only with the option that the check needs', (check, options) => {
    const unused = expect.objectContaining({ id: 'waiver-unused' });

    expect(waivedWith({}, [check, 'a collector of our own'])).not.toContainEqual(unused);
    expect(waivedWith(options, [check, 'a collector of our own'])).toContainEqual(unused);
  });

  test.each([
    ['has no reason', 'no-comparison', ' ', 2],
    ['waives nothing', 'count-never-zero', 'x', 2],
    ['is an error', 'record-for', 'x', 2],
    ['unknown check', 'no-such-check', 'x', 2],
  ])('without effect are reported: %s', (message, check, reason, count) => {
    const findings = waived([check, reason]);
    expect(findings).toHaveLength(count);
    expect(findings).toContainEqual(
      expect.objectContaining({ id: 'waiver-unused', problem: expect.stringContaining(message) }),
    );
  });

  test('hide a warning that compares several rules', () => {
    const same = { ...ALERT, waive: [{ check: 'alert-name-repeated', reason: 'two severities' }] };
    expect(ids([file({ ...ALERT, for: '10m' }, same)])).toEqual([]);
  });

  test('reports equal names of alerts only if a "for" is restored after a restart', () => {
    expect(ids([file(ALERT, { ...ALERT, for: '9m59s' })])).toEqual([]);
    expect(ids([file(ALERT, { ...ALERT, for: '10m' })])).toEqual(['alert-name-repeated']);
  });

  test('reports ranges beyond the retention', () => {
    const week = `sum(rate({app="x"}[1h] offset 1w)) > 1`;
    expect(ofExpr(week, { retention: '168h' })).toEqual(['range-beyond-retention']);
    expect(ofExpr(week, { retention: '192h' })).toEqual([]);
    expect(ofExpr(week)).toEqual([]);
  });
});
