// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that docker-compose replaces.

import { stringify } from 'yaml';
import { migrate, unreadable } from '../../lib/migrate/migrate';
import type { Migration } from '../../lib/migrate/moved';
import { join, readForeign } from '../../lib/migrate/read';
import { appFiles } from '../../lib/migrate/write';
import { sourceText } from '../../lib/yaml/source';
import fc from '../support/properties';

function moved(files: Readonly<Record<string, unknown>>): Migration {
  const found = join(
    Object.entries(files).map(([file, content]) =>
      readForeign(sourceText(file, typeof content === 'string' ? content : stringify(content))),
    ),
  );
  expect(unreadable(found)).toEqual([]);
  return migrate(found, 'new');
}

const alerts = (migration: Migration) =>
  migration.rules.flatMap(({ groups }) =>
    groups.flatMap(({ rules }) => rules.map((rule) => 'alert' in rule && rule.alert)),
  );

const group = (alert = 'A') => ({
  name: 'g',
  rules: [
    {
      alert,
      expr: 'sum by (app) (rate({app="a"} |= "error" [5m])) > 1',
      annotations: { title: 't', description: 'd' },
    },
  ],
});
const rules = (alert?: string) => stringify({ groups: [group(alert)] });
const routes = { route: { receiver: 'a' }, receivers: [{ name: 'a' }] };
const template = '{{ define "x" }}{{ end }}';

describe('rules in values of a chart', () => {
  test.each<[string, unknown]>([
    ['the chart loki', { ruler: { enabled: true, directories: { fake: { 'rules.txt': rules() } } } }],
    [
      'the chart loki, by tenant',
      { loki: { auth_enabled: true }, ruler: { directories: { shop: { 'a.yaml': rules() } } } },
    ],
    ['the chart loki in a chart around it', { loki: { ruler: { directories: { shop: { 'a.yaml': rules() } } } } }],
    ['loki-stack', { loki: { alerting_groups: [group()] } }],
    ['the chart loki of loki-stack', { config: { schema_config: {} }, alerting_groups: [group()] }],
    ['kube-prometheus-stack', { additionalPrometheusRulesMap: { shop: { groups: [group()] } } }],
    ['kube-prometheus-stack, as a list', { additionalPrometheusRules: [{ name: 'shop', groups: [group()] }] }],
    ['a text', { extraConfig: { 'my-rules.yaml': rules() } }],
    [
      'a HelmRelease of Flux',
      {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: 'loki' },
        spec: { values: { ruler: { directories: { fake: { 'a.yaml': rules() } } } } },
      },
    ],
    [
      'an Application of Argo CD, as a text',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'loki' },
        spec: { source: { helm: { values: stringify({ loki: { alerting_groups: [group()] } }) } } },
      },
    ],
    [
      'an Application of Argo CD, of several sources',
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'loki' },
        spec: { sources: [{ helm: { valuesObject: { loki: { alerting_groups: [group()] } } } }] },
      },
    ],
    ['docker-compose', { services: {}, configs: { rules: { content: rules() } } }],
  ])('are read: %s', (_, values) => {
    const migration = moved({ 'values.yaml': values });

    expect(alerts(migration)).toEqual(['A']);
    expect(Object.keys(appFiles(migration)).filter((name) => /^rules\/[\w.-]+\.yaml$/.test(name))).toHaveLength(1);
  });

  test('of tenants are reported with them', () => {
    const directories = {
      shop: { 'a.yaml': rules('A') },
      bank: { 'a.yaml': rules('B') },
      fake: { 'a.yaml': rules('C') },
    };
    const migration = moved({ 'values.yaml': { ruler: { directories } } });

    expect(alerts(migration)).toEqual(['A', 'B', 'C']);
    expect(migration.left.filter((line) => line.startsWith('tenant'))).toEqual([
      expect.stringMatching(/^tenant 'shop' of ruler\.directories\.shop\.a\.yaml/),
      expect.stringMatching(/^tenant 'bank'/),
    ]);
  });
});

test("replaces docker-compose's $$, and reports values from other sources", () => {
  const content = rules().replace('description: d', 'description: "{{ $$labels.app }}"');
  const [file] = moved({ 'compose.yml': { configs: { rules: { content } }, services: {} } }).rules;
  const helm = {
    values: stringify({ loki: { alerting_groups: [group()] } }),
    valueFiles: ['a.yaml'],
    parameters: [{ name: 'a' }],
  };
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'a' },
    spec: { source: { helm } },
  };

  expect(file?.groups[0]?.rules[0]).toMatchObject({ annotations: { description: '{{ $labels.app }}' } });
  expect(moved({ 'a.yaml': application }).left).toContainEqual(
    expect.stringMatching(/^valueFiles, parameters of Application a in a\.yaml/),
  );
});

describe('routes and templates in values of a chart', () => {
  test.each<[string, unknown]>([
    ['loki-stack', { prometheus: { enabled: true, alertmanagerFiles: { 'alertmanager.yml': routes } } }],
    ['the chart prometheus', { alertmanagerFiles: { 'alertmanager.yml': routes } }],
    ['kube-prometheus-stack', { alertmanager: { config: routes } }],
    ['kube-prometheus-stack, as a text', { alertmanager: { stringConfig: stringify(routes) } }],
    ['kube-prometheus-stack in a chart around it', { 'kube-prometheus-stack': { alertmanager: { config: routes } } }],
    ['the chart alertmanager', { config: { enabled: true, ...routes } }],
    ['docker-compose', { configs: { alertmanager: { content: stringify(routes) } }, services: { a: null } }],
  ])('are read: %s', (_, values) => {
    expect(moved({ 'values.yaml': values }).alertmanager?.receivers).toEqual([{ name: 'a' }]);
  });

  test.each<[string, unknown]>([
    ['kube-prometheus-stack', { alertmanager: { config: routes, templateFiles: { 'x.tmpl': template } } }],
    ['the chart alertmanager', { config: routes, templates: { 'x.gotmpl': template } }],
    ['loki-stack', { prometheus: { alertmanagerFiles: { 'alertmanager.yml': routes, 'x.tmpl': template } } }],
  ])('templates of %s', (_, values) => {
    expect(moved({ 'values.yaml': values }).templates).toEqual([{ file: 'x.tmpl', text: template }]);
  });
});

describe("Loki's settings", () => {
  const want = { retention: '720h', evaluationInterval: '30s' };
  const config = { limits_config: { retention_period: '720h' }, ruler: { evaluation_interval: '30s' } };

  test.each<[string, unknown]>([
    ['the chart loki', { loki: { limits_config: config.limits_config, rulerConfig: config.ruler } }],
    ['the chart loki, structured', { loki: { structuredConfig: config } }],
    ['a text', { loki: { config: stringify(config) } }],
    [
      'the chart loki in a chart around it',
      { loki: { loki: { limits_config: config.limits_config, rulerConfig: config.ruler } } },
    ],
    ['a default', { loki: { config: { ...config, limits_config: { retention_period: '${RETENTION:-720h}' } } } }],
  ])('are read from %s', (_, values) => {
    expect(moved({ 'values.yaml': values }).settings).toEqual(want);
  });

  test.each<[string, object, object]>([
    ['limits_config and ruler', config, want],
    ['auth_enabled and ruler', { auth_enabled: false, ruler: config.ruler }, { evaluationInterval: '30s' }],
    ['ruler', { ruler: config.ruler }, { evaluationInterval: '30s' }],
    ['limits_config', { limits_config: config.limits_config }, { retention: '720h' }],
    [
      'table_manager',
      { table_manager: { retention_deletes_enabled: true, retention_period: '720h' } },
      { retention: '720h' },
    ],
  ])('are read from a loki.yml with only %s', (_, file, settings) => {
    const migration = moved({ 'loki.yml': file });

    expect(migration.settings).toEqual(settings);
    expect(migration.left).toEqual([]);
    expect(moved({ 'values.yaml': { loki: file } }).settings).toEqual(settings);
  });

  test('include the limits that have an option; the others are listed with the reason', () => {
    const limits = { ingestion_rate_mb: 8, per_stream_rate_limit: '3MB', max_query_length: '${LENGTH:-100d}' };
    const others = { max_global_streams_per_user: 5000, max_line_size: 256000, reject_old_samples: true };
    const migration = moved({ 'loki.yml': { limits_config: { ...limits, ...others } } });

    expect(migration.settings).toEqual({ limits: { ...limits, max_query_length: '100d' } });
    expect(appFiles(migration)['main.ts']).toContain(`  loki: {
    limits: {
      ingestion_rate_mb: 8,
      per_stream_rate_limit: '3MB',
      max_query_length: '100d',
    },
  },
`);
    expect(appFiles(migration)['MOVING.md']).toContain('- loki.limits.ingestion_rate_mb: 8\n');
    expect(migration.left).toEqual([
      expect.stringMatching(/^limits_config\.max_global_streams_per_user in loki\.yml: .*ResourceQuota/),
      expect.stringMatching(
        /^limits_config\.max_line_size in loki\.yml: .*256000: set loki\.limits\.max_line_size in main\.ts$/,
      ),
      'limits_config in loki.yml: no option for reject_old_samples',
    ]);
    expect(migration.findings).toEqual([]);
  });

  test('of several files are merged, and the last value of a limit is used', () => {
    const file = (limits: object) => ({ limits_config: limits });
    const migration = moved({
      'a.yml': file({ ingestion_rate_mb: 8, ingestion_burst_size_mb: 16 }),
      'b.yml': file({ ingestion_rate_mb: 9 }),
    });

    expect(migration.settings).toEqual({ limits: { ingestion_rate_mb: 9, ingestion_burst_size_mb: 16 } });
    expect(migration.left).toEqual([expect.stringMatching(/^limits\.ingestion_rate_mb: 8 .* 9 /)]);
  });

  test('include tenants of a chart, which are an option', () => {
    expect(moved({ 'values.yaml': { loki: { auth_enabled: true, limits_config: {} } } }).left).toEqual([
      expect.stringMatching(/^auth_enabled in values\.yaml: .*loki-alerts explain tenants$/),
    ]);
  });

  test('in a template of Helm are reported', () => {
    const left = moved({
      'values.yaml': { loki: { config: '{{- if .Values.a }}\nlimits_config: {}\n{{- end }}' } },
    }).left;

    expect(left).toEqual([expect.stringMatching(/config/)]);
  });

  test('with variables are reported, and not written', () => {
    const values = { loki: { limits_config: { retention_period: '${RETENTION}' } } };
    const migration = moved({ 'values.yaml': values });

    expect(migration.settings).toEqual({});
    expect(migration.left).toEqual([expect.stringMatching(/^loki\.retention in values\.yaml: contains RETENTION/)]);
  });
});

test('reports stages of Promtail, and masking that ends with them', () => {
  const pipelineStages = [{ cri: {} }, { replace: { expression: '(\\d{16})', replace: '****' } }];
  const { left } = moved({ 'values.yaml': { config: { snippets: { pipelineStages } } } });

  expect(left).toContainEqual(
    expect.stringMatching(/pipeline stages of Promtail .*: cri, replace: .*mask it with collectorPipeline\.redact/),
  );
});

describe('content of other programs', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const secret = (data: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data });

  test('with a field route is ignored', () => {
    const files = {
      'a.yaml': secret({ 'routes.yaml': encoded('route: /api\n') }),
      'b.yaml': {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a' },
        data: { 'a.yaml': 'route:\n  host: a\n' },
      },
      'c.yaml': { route: { host: 'a' }, replicas: 1 },
      'd.yaml': { receivers: { otlp: {} } },
      'alertmanager.yml': routes,
    };

    expect(moved(files)).toMatchObject({ alertmanager: routes, left: [] });
  });

  test('in ExternalSecrets is ignored, but ExternalSecrets of alerting are reported', () => {
    const external = (name: string, key: string) => ({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name, namespace: 'shop' },
      spec: { data: [{ secretKey: key }] },
    });
    const files = {
      'a.yaml': external('database', 'password'),
      'b.yaml': external('main', 'alertmanager.yaml'),
      'c.yaml': external('loki-storage', 'key'),
    };

    expect(moved(files).left).toEqual([
      expect.stringMatching(/ExternalSecret shop\/main/),
      expect.stringMatching(/ExternalSecret shop\/loki-storage/),
    ]);
  });

  test('in values of other charts is ignored', () => {
    expect(moved({ 'values.yaml': { replicaCount: 1, image: { tag: 'a' }, config: { route: '/a' } } }).left).toEqual(
      [],
    );
  });

  test('such as variables in place of numbers is reported, without preventing the migration', () => {
    const text = `route: { receiver: a }
receivers:
  - name: a
    telegram_configs:
      - bot_token: \${BOT_TOKEN}
        chat_id: \${CHAT_ID}
        message: 'in \${CLUSTER}'
`;
    const migration = moved({ 'alertmanager.yml': text });

    expect(migration.credentials).toHaveLength(1);
    expect(JSON.stringify(appFiles(migration))).not.toMatch(/\$\{/);
    expect(
      migration.findings.filter(({ id }) => id === 'migrate-variable').map(({ problem }) => problem.split(',')[0]),
    ).toEqual(['contained the variable CHAT_ID', 'contained the variable CLUSTER']);
  });
});

describe('addresses in the network of the old system', () => {
  const to = (url: string) => ({ route: { receiver: 'a' }, receivers: [{ name: 'a', webhook_configs: [{ url }] }] });
  const lost = (url: string) =>
    moved({ 'alertmanager.yml': to(url), 'compose.yml': { services: { bridge: { image: 'bridge' } } } })
      .findings.filter(({ id }) => id === 'migrate-address')
      .map(({ subject, problem }) => `${subject} ${problem}`);

  test.each([
    ['http://localhost:5001/', /Alertmanager's own pod/],
    ['http://127.0.0.1:5001/', /Alertmanager's own pod/],
    ['http://host.docker.internal:5001/', /Alertmanager's own pod/],
    ['http://bridge:8080/hook', /a service of docker-compose/],
    ['http://bridge:8080/hook?token=geheim', /a service of docker-compose/],
    ['http://other:8080/', /Alertmanager's own namespace/],
  ])('reports %s', (url, expected) => {
    expect(lost(url)).toEqual([expect.stringMatching(expected)]);
    expect(lost(url)[0]).not.toContain('geheim');
  });

  test.each([
    'https://bridge.example.com/',
    'http://bridge.shop:8080/',
    'http://bridge.shop.svc:8080/',
    'http://10.0.0.1/',
  ])('accepts %s', (url) => {
    expect(lost(url)).toEqual([]);
  });

  test('reports addresses of mail servers', () => {
    const text = 'global: { smtp_smarthost: "localhost:25" }\nroute: { receiver: a }\nreceivers: [{ name: a }]\n';

    expect(moved({ 'a.yml': text }).findings).toContainEqual(
      expect.objectContaining({
        id: 'migrate-address',
        subject: 'global.smtp_smarthost',
        place: expect.objectContaining({ file: 'new/alertmanager.yml' }),
      }),
    );
  });
});

test('recognizes exactly the programs of the stack', () => {
  const images = ['grafana/loki:latest', 'docker.io/grafana/grafana@sha256:a', 'quay.io/prometheus/alertmanager:main'];
  const others = [
    'acme/loki-exporter',
    'grafana/loki-canary',
    'acme/alertmanager-discord',
    'grafana/mimir',
    'acme/loki',
  ];
  const services = Object.fromEntries([...images, ...others].map((image, i) => [`s${i}`, { image }]));
  const { left } = moved({ 'compose.yml': { services } });

  expect(left.map((line) => line.endsWith(': part of the stack'))).toEqual([
    ...images.map(() => true),
    ...others.map(() => false),
  ]);
});

test('reports unread content of docker-compose, Secrets, ConfigMaps and Promtail', () => {
  const object = (kind: string, data: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'a' }, data });
  const left = (content: unknown) => moved({ 'a.yaml': content }).left.join('\n');
  const encoded = (text: string) => Buffer.from(text).toString('base64');

  expect(left({ services: {}, networks: {}, volumes: {}, configs: { nginx: { content: 'listen 80;' } } })).toMatch(
    /networks, volumes, configs \(nginx \(content\)\)$/,
  );
  expect(left({ services: {}, configs: { nginx: { content: 'a' }, am: { content: stringify(routes) } } })).toMatch(
    /nginx/,
  );
  expect(left(object('Secret', { 'alertmanager.yaml': encoded(stringify(routes)), token: encoded('a') }))).toMatch(
    /other keys of Secret default\/a in a\.yaml: token$/,
  );
  expect(left(object('ConfigMap', { 'rules.yaml': rules(), 'other.conf': 'a' }))).toMatch(/: other\.conf$/);
  expect(left({ scrape_configs: [], clients: [], server: {} })).toMatch(/scrape_configs, clients, server/);
});

/** Names that occur nowhere else. */
const name = fc.stringMatching(/^q[a-z]{5,9}z$/);
const scalar = fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 99 }), fc.constantFrom('text', '10m', ''));
const some = fc.dictionary(name, fc.oneof(scalar, fc.dictionary(name, scalar, { maxKeys: 2 })), { maxKeys: 3 });
const part = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Returns the names of two levels. */
function namesOf(values: object): string[] {
  return Object.entries(values).flatMap(([name, value]) => [
    name,
    ...(typeof value === 'object' && value !== null ? Object.keys(value) : []),
  ]);
}

test('each value is in the app or in MOVING.md', () => {
  const config = fc.record({
    limits_config: fc
      .record({ retention_period: fc.constant('720h') })
      .chain((own) => some.map((all) => ({ ...all, ...own }))),
    ruler: some.map((all) => ({ ...all, evaluation_interval: '1m' })),
  });
  const loki = fc
    .record({ config: fc.tuple(config, some).map(([own, all]) => ({ ...all, ...own })), others: some })
    .map(({ config, others }) => ({ ...others, config, alerting_groups: [group()] }));
  const values = fc
    .record({
      loki,
      others: some,
      promtail: part(some),
      grafana: part(some),
      prometheus: part(
        some.map((all) => ({ ...all, alertmanagerFiles: { 'alertmanager.yml': routes, qfilez: 'text' } })),
      ),
      alertmanager: part(some.map((all) => ({ ...all, templateFiles: { 'x.tmpl': template } }))),
      ruler: part(some.map((all) => ({ ...all, directories: { shop: { 'a.yaml': rules() } } }))),
    })
    .map(({ others, ...known }) => ({ ...others, ...JSON.parse(JSON.stringify(known)) }));
  const release = (values: object) => ({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'a' },
    spec: { values },
  });
  const application = (values: object) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'a' },
    spec: { source: { helm: { values: stringify(values) } } },
  });
  const around = ({ loki, ...others }: { readonly loki?: object }) => ({ loki: { loki, ...others } });
  const holder = fc.constantFrom<(values: object) => object>((all) => all, release, application, around);

  fc.assert(
    fc.property(values, holder, (all, hold) => {
      const written = Object.values(appFiles(moved({ 'values.yaml': hold(all) }))).join('\n');
      const { config, ...ofLoki } = all.loki;
      const generated = [...namesOf(all), ...Object.keys(ofLoki), ...namesOf(config)].filter((one) =>
        /^q.*z$/.test(one),
      );

      expect(generated.filter((one) => !written.includes(one))).toEqual([]);
      expect(written).toContain('720h');
      expect(written).toContain('alert: A');
    }),
  );
});
