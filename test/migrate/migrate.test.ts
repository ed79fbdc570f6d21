import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse, parseDocument } from 'yaml';
import { resolveRoute } from '../../lib';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import { formatMessage } from '../../lib/checks/findings';
import { withMatchers } from '../../lib/migrate/alertmanager';
import { migrate, unreadable } from '../../lib/migrate/migrate';
import type { Migration } from '../../lib/migrate/moved';
import { type Found, join as joinFound, readForeign } from '../../lib/migrate/read';
import { appFiles } from '../../lib/migrate/write';
import { listYaml } from '../../lib/rules/read';
import { sourceText } from '../../lib/yaml/source';
import fc, { someOf } from '../support/properties';

const FIXTURES = join(__dirname, 'fixtures');

const found = (files: Readonly<Record<string, string>>): Found =>
  joinFound(Object.entries(files).map(([file, text]) => readForeign(sourceText(file, text))));

const moved = (files: Readonly<Record<string, string>>): Migration => migrate(found(files), 'new');

const read = (fixture: string): Migration =>
  moved(Object.fromEntries(listYaml(join(FIXTURES, fixture)).map((file) => [file, readFileSync(file, 'utf8')])));

const messages = ({ findings }: Migration) =>
  findings.map(({ severity, id, problem, fix }) => `${severity} ${id}: ${formatMessage({ problem, fix })}`);

/** Returns copies of a document, each with one value replaced by null or by another type. */
function withOneBroken(text: string): string[] {
  const paths = (value: unknown, path: readonly string[]): (readonly string[])[] => [
    path,
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))
      : []),
  ];
  const broken = paths(parse(text), [])
    .slice(1)
    .flatMap((path) => [null, { x: null }].map((value) => ({ path, value })));
  return someOf(broken).map(({ path, value }) => {
    const document = parseDocument(text);
    document.setIn(path, value);
    return document.toString();
  });
}

const RULES = (expr: string, name = 'A') =>
  `groups: [{ name: g, rules: [{ alert: ${name}, expr: '${expr}', annotations: { title: t, description: d } }] }]`;
const ERRORS = 'sum by (namespace, app) (rate({namespace="shop"} |= "error" [5m])) > 1';
const ROUTES = 'route: { receiver: a }\nreceivers: [{ name: a }]\n';

test('docker-compose: reads rules, routes and settings, and reports labels of the Docker driver', () => {
  const migration = read('docker-compose');

  expect(migration.rules.map(({ name }) => name)).toEqual(['rules.yaml']);
  expect(migration.settings).toEqual({ retention: '336h', evaluationInterval: '30s' });
  expect(migration.credentials).toEqual([{ key: 'slack_api_url', path: 'global.slack_api_url' }]);
  expect(messages(migration)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^error selector-job: .* never "dockerlogs", .*: use \{namespace=/),
      expect.stringMatching(
        /^warning grouping-label-empty: groups by "compose_service", which neither the collector nor a stage sets/,
      ),
      expect.stringMatching(/^error migrate-label: has no effect, because of the label "instance", .*: use namespace/),
    ]),
  );
  expect(migration.left).toHaveLength(7);
});

test('reports an unknown label as an error if the rule has no other grouping label, or selects no lines', () => {
  const reportedChecks = (expr: string) => messages(moved({ 'a.yaml': RULES(expr) })).map((line) => line.split(':')[0]);

  expect(reportedChecks('sum by (host) (rate({namespace="shop"}[5m])) > 1')).toEqual(['error grouping-label-unknown']);
  expect(reportedChecks('sum by (app, host) (rate({namespace="shop"}[5m])) > 1')).toEqual([
    'warning grouping-label-empty',
  ]);
  expect(reportedChecks('sum by (app) (rate({service_name="shop"}[5m])) > 1')).toEqual([
    'error selector-label-unknown',
  ]);
});

test('loki-stack: reads rules and settings from the values, and keeps custom severities', () => {
  const migration = read('loki-stack');

  expect(migration.rules.map(({ name, groups }) => [name, groups.map((group) => group.name)])).toEqual([
    ['loki-stack.yaml', ['shop']],
  ]);
  expect(migration).toMatchObject({
    settings: {
      retention: '720h',
      evaluationInterval: '1m',
      limits: { ingestion_rate_mb: 10 },
      storage: '20Gi',
      storageClassName: 'fast',
    },
    severities: ['page'],
    findings: [{ id: 'route-catch-all-only', severity: 'warning' }],
  });
  expect(migration.left.map((line) => line.replace(/in \S+values\.yaml/, 'in it'))).toEqual([
    'ruler.external_url in it: alerts link to Grafana: set grafanaUrl in main.ts to the address at which users open it',
    expect.stringContaining('ruler.alertmanager_url in it'),
    expect.stringContaining('ruler.remote_write (enabled) in it'),
    "other fields of Loki's configuration in it, which the stack sets: ruler.storage (type)",
    'values of loki in it: set pods.loki in main.ts for resources (requests (cpu)), see loki-alerts explain customizing',
    'values of loki in it: no option for persistence.accessModes',
    expect.stringContaining('promtail'),
    expect.stringContaining('grafana'),
  ]);
});

test('kube-prometheus: reads routes, templates and credentials from the encoded Secret', () => {
  const migration = read('kube-prometheus');

  expect(migration.alertmanager?.inhibit_rules).toEqual([
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity=~"warning|info"'],
      equal: ['namespace', 'alertname'],
    },
  ]);
  expect(migration.templates.map(({ file }) => file)).toEqual(['ops.tmpl']);
  expect(migration.credentials.map(({ key }) => key)).toEqual([
    'smtp_auth_password',
    'pager-pagerduty_configs-0-routing_key',
  ]);
  expect(migration.left).toEqual([expect.stringContaining('AlertmanagerConfig shop/shop')]);
});

test('kube-prometheus: reads field names in quotes', () => {
  const text =
    'kind: Secret\napiVersion: v1\nstringData:\n  alertmanager.yaml: |-\n    "receivers":\n    - "name": "Default"\n    "route":\n      "receiver": "Default"\n';

  expect(moved({ 'a.yaml': text }).alertmanager?.receivers).toEqual([{ name: 'Default' }]);
});

test('routes alerts to the same receivers as before', () => {
  const text = readFileSync(join(FIXTURES, 'docker-compose/config/alertmanager.yml'), 'utf8');
  const { config: before } = readAlertmanagerConfig(text, 'alertmanager.yml');
  if (!before) throw new Error('the fixture is not a valid alertmanager.yml');
  const after = withMatchers(before);
  const labels = fc.record(
    {
      severity: fc.constantFrom('warning', 'critical', 'warnings'),
      team: fc.constantFrom('devops', 'the devops team', 'dev'),
    },
    { requiredKeys: [] },
  );

  fc.assert(fc.property(labels, (set) => expect(resolveRoute(after, set)).toEqual(resolveRoute(before, set))));
});

test('keeps all files with the same name, next to numbered ones and the file of the stack', () => {
  const { rules, templates } = moved({
    'a.yaml': RULES(ERRORS, 'A'),
    'b/a.yml': RULES(ERRORS, 'B'),
    'a-2.yaml': RULES(ERRORS, 'C'),
    'pipeline.yaml': RULES(ERRORS, 'D'),
    'my rules.yaml': RULES(ERRORS, 'E'),
    '.e.test.yml': RULES(ERRORS, 'F'),
    'x/m.tmpl': '{{ define "x" }}{{ end }}',
    'y/m.tmpl': '{{ define "y" }}{{ end }}',
    'z/m.tmpl': '{{ define "y" }}{{ end }}',
    'alertmanager.yml': ROUTES,
  });

  expect(rules.map(({ name }) => name)).toEqual([
    'a.yaml',
    'a-2.yaml',
    'a-2-2.yaml',
    'pipeline-2.yaml',
    'my-rules.yaml',
    'e-test.yaml',
  ]);
  expect(templates.map(({ file }) => file)).toEqual(['m.tmpl', 'm-2.tmpl']);
});

test('keeps waivers of rules, and applies them', () => {
  const rule = `      - alert: A\n        expr: '${ERRORS}'\n        annotations: { title: t, description: d }\n        labels: { severity: info, team: x }\n`;
  const waiver = '      # loki-alerts: waive route-catch-all-only because it is read elsewhere\n';
  const file = (comment: string) => ({ 'a.yaml': `groups:\n  - name: g\n    rules:\n${comment}${rule}` });

  expect(messages(moved(file('')))).toEqual([expect.stringContaining('route-catch-all-only')]);
  expect(messages(moved(file(waiver)))).toEqual([]);
  expect(appFiles(moved(file(waiver)))['rules/a.yaml']).toContain('# loki-alerts: waive route-catch-all-only');
});

test('keeps waivers of routes and receivers, and applies them', () => {
  const config = (comment: string) => ({
    'alertmanager.yml': [
      'route: {receiver: team}',
      'receivers:',
      '  - name: team',
      '    webhook_configs: [{url: "http://gotify.messages:8080/hook"}]',
      `  ${comment}`,
      '  - name: spare',
      '    webhook_configs: [{url: "http://gotify.messages:8080/hook"}]',
    ].join('\n'),
  });
  const waiver = '# loki-alerts: waive receiver-unused because of emergencies';

  expect(messages(moved(config('')))).toEqual([expect.stringContaining('receiver-unused')]);
  expect(messages(moved(config(waiver)))).toEqual([]);
  expect(appFiles(moved(config(waiver)))['alertmanager.yml']).toContain(waiver);
});

test('reports templates that no alertmanager.yml uses', () => {
  expect(moved({ 'a.yaml': RULES(ERRORS), 'm.tmpl': '{{ end }}' })).toMatchObject({
    templates: [],
    left: ['m.tmpl: a message template, but there is no alertmanager.yml that uses it'],
    findings: [],
  });
});

describe('places of findings', () => {
  test('are in the files of the new app', () => {
    const files = {
      'values.yaml': `\n\nloki:\n  alerting_groups:\n    - name: g\n      rules: [{ alert: A, expr: 'rate({job="docker"}[1m]) > 1', annotations: { title: t, description: d } }]`,
      'a.yml': 'route: { receiver: "null", group_by: [alertname, compose_service] }\nreceivers: [{ name: "null" }]\n',
      'm.tmpl': '{{ define "m" }}\n{{ index .CommonLabels "a(b" }}{{ end }}',
    };
    const migration = moved(files);
    const written = appFiles(migration);

    expect(migration.findings.map(({ place }) => place?.file).sort()).toEqual([
      'new/alertmanager.yml',
      'new/rules/loki-stack.yaml',
      'new/templates/m.tmpl',
    ]);
    const texts = migration.findings.map(({ place: { file = '', line = 0, column = 1 } = { file: '' } }) =>
      written[file.replace('new/', '')]?.split('\n')[line - 1]?.slice(column - 1),
    );
    expect(texts.sort()).toEqual(['a(b" }}{{ end }}', 'compose_service', 'job="docker"}[1m]) > 1']);
  });

  test('are in the original file for mistakes in it', () => {
    const rule = `        - { alert: A, expr: '${ERRORS}', keep_firing_for: 5m }`;
    const values = `loki:\n  alerting_groups:\n    - name: g\n      rules:\n${rule}\n`;
    const column = rule.indexOf('keep') + 1;

    expect(moved({ 'values.yaml': values }).findings).toContainEqual(
      expect.objectContaining({
        id: 'dropped-field',
        place: expect.objectContaining({ file: 'values.yaml', line: 5, column }),
      }),
    );
  });
});

describe('rules of Prometheus', () => {
  const resource = (name: string, ...exprs: string[]) =>
    `- apiVersion: monitoring.coreos.com/v1\n  kind: PrometheusRule\n  metadata: { name: ${name} }\n  spec:\n    groups:\n      - name: ${name}\n        partial_response_strategy: warn\n        rules: [${exprs.map((expr, i) => `{ alert: A${name}${i}, expr: '${expr}', annotations: { title: t, description: d } }`).join(', ')}]\n`;
  const list = `kind: List\napiVersion: v1\nitems:\n${resource('general', 'up == 0', 'vector(1)')}${resource('logs', ERRORS)}${resource('watchdog', 'vector(1)')}`;

  test('stay with Prometheus, without other findings', () => {
    const migration = moved({ 'rules.yaml': list });

    expect(migration.rules.map(({ name }) => name)).toEqual(['prometheusrule-logs.yaml']);
    expect(migration.left).toEqual([
      'prometheusrule-general.yaml in rules.yaml (2 rules): no stream selector such as {app="…"}: keep PromQL in Prometheus',
      expect.stringContaining('prometheusrule-watchdog.yaml in rules.yaml (1 rule)'),
    ]);
    expect(messages(migration)).toEqual([
      expect.stringContaining(
        'error dropped-field: Loki drops the field "partial_response_strategy": remove it: only Thanos uses it',
      ),
    ]);
  });
});

describe('labels in alertmanager.yml', () => {
  const config = `
route:
  receiver: a
  group_by: [alertname, compose_service, tier]
  routes: [{ matchers: ['instance=~"web.*"'], receiver: a }, { matchers: ['instance!="x"', 'tier="1"'], receiver: a }]
inhibit_rules:
  - { source_matchers: ['severity="critical"'], target_matchers: ['host="a"'], equal: [instance, app, detected_level] }
receivers:
  - name: a
    slack_configs:
      - api_url_file: /etc/alertmanager/secrets/slack/url
        channel: a
        title: '{{ .CommonLabels.compose_service }} {{ .GroupLabels.SortedPairs }} {{ with .CommonLabels.filename }}{{ . }}{{ end }}'
`;
  const rules = `groups: [{ name: g, rules: [{ alert: A, expr: '${ERRORS}', labels: { tier: '1' }, annotations: { title: t, description: d } }] }]`;
  const reportedLabels = (files: Record<string, string>) =>
    moved(files)
      .findings.filter(({ id }) => id === 'migrate-label')
      .map(formatMessage);

  test('are reported with their effect if no alert has them', () => {
    expect(reportedLabels({ 'a.yml': config, 'rules.yaml': rules })).toEqual([
      expect.stringMatching(
        /^route\.group_by\[1\]: has no effect, because of the label "compose_service", which neither the collector nor a rule sets: use app$/,
      ),
      expect.stringMatching(
        /^route\.routes\[0\]\.matchers\[0\]: never matches, because of the label "instance", which neither the collector nor a rule sets: use namespace and app$/,
      ),
      expect.stringMatching(
        /^inhibit_rules\[0\]\.target_matchers\[0\]: never matches, because of the label "host", which neither the collector nor a rule sets: use node_name$/,
      ),
      expect.stringMatching(
        /^inhibit_rules\[0\]\.equal\[0\]: is equal for all alerts, so each inhibits all others, because of the label "instance", which neither the collector nor a rule sets: use namespace and app$/,
      ),
      expect.stringMatching(
        /^receiver 'a': slack_configs\[0\]\.title: shows nothing for the label "compose_service", which neither the collector nor a rule sets: use app$/,
      ),
    ]);
  });

  test('are not reported in matchers if there are no rules yet', () => {
    expect(reportedLabels({ 'a.yml': config }).filter((line) => line.includes('never matches'))).toEqual([]);
  });

  test('are not reported if a rule may extract any label', () => {
    const any = RULES('count_over_time({namespace="shop"} | json [5m]) > 1');

    expect(reportedLabels({ 'a.yml': config, 'rules.yaml': any })).toEqual([]);
  });
});

describe('unreadable content', () => {
  const secret = (data: string) => `kind: Secret\napiVersion: v1\nmetadata: { name: am }\ndata: { ${data} }\n`;

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'aliases of aliases',
      {
        'a.yaml': `a: &a [x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((n, i) => `${n}: &${n} [${`*${'abcdefg'[i]},`.repeat(5)}]`).join('\n')}`,
      },
      /aliases expand/,
    ],
    ['values that are invalid YAML', { 'values.yaml': 'loki: [' }, /invalid YAML/],
    [
      'a Secret that is not base64-encoded',
      { 'a.yaml': secret(`alertmanager.yaml: 'ENC[x]'`) },
      /is not a base64-encoded text/,
    ],
    [
      'a Secret that is not gzipped',
      { 'a.yaml': secret('alertmanager.yaml.gz: YWJj') },
      /is not a base64-encoded gzipped text/,
    ],
    ['no receivers', { 'a.yml': 'route: { receiver: a }\nreceivers: null\n' }, /undefined receiver "a"/],
    ['no route', { 'a.yml': 'route: null\nreceivers: [{ name: a }]\n' }, /missing field "route"/],
    ['routes of a wrong type', { 'a.yml': 'route: [a]\nreceivers: []\n' }, /expected a map, got a list/],
    [
      'two alertmanager.yml',
      { 'a.yml': ROUTES, 'b.yml': `${ROUTES}# other\n` },
      /second alertmanager.yml, different from a.yml:1:1/,
    ],
  ])('reports %s', (_, files, message) => {
    expect(unreadable(found(files))).toEqual([
      expect.objectContaining({ severity: 'error', problem: expect.stringMatching(message) }),
    ]);
  });

  test.each(listYaml(FIXTURES).map((file) => [relative(FIXTURES, file)]))(
    'handles empty values and other types everywhere in %s',
    (file) => {
      const crashes = withOneBroken(readFileSync(join(FIXTURES, file), 'utf8')).flatMap((text) => {
        try {
          const all = found({ 'a.yaml': text });
          if (unreadable(all).length === 0) appFiles(migrate(all, 'new'));
          return [];
        } catch (error) {
          return [`${(error as Error).stack}\n${text}`];
        }
      });
      expect(crashes).toEqual([]);
    },
  );

  test('reads a gzipped alertmanager.yml, and accepts the same one twice', () => {
    const packed = gzipSync(ROUTES).toString('base64');
    const files = { 'a.yml': ROUTES, 'b.yaml': secret(`alertmanager.yaml.gz: ${packed}`) };

    expect(unreadable(found(files))).toEqual([]);
    expect(moved({ 'b.yaml': files['b.yaml'] }).alertmanager?.receivers).toEqual([{ name: 'a' }]);
  });

  test('ignores content of other programs in Secrets', () => {
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    const other = secret(`values.yaml: ${encoded('a: {{ .Values.a }}\n b: [')}`);

    expect(found({ 'a.yaml': other }).unreadable).toEqual([]);
    expect(found({ 'a.yaml': secret(`a.yaml: ${encoded('groups: [')}`) }).unreadable).toHaveLength(1);
  });

  test('reports encrypted Secrets', () => {
    const text =
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: am, namespace: monitoring }\n';

    expect(found({ 'a.yaml': text }).left).toEqual([
      expect.stringContaining('kubectl -n monitoring get secret am -o yaml'),
    ]);
  });
});
