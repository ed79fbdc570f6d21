// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that docker-compose and envsubst replace.

import { parse, stringify } from 'yaml';
import { unreadable as errorsIn, migrate } from '../../lib/migrate/migrate';
import type { Migration } from '../../lib/migrate/moved';
import { nestedNames } from '../../lib/migrate/names';
import { join, readForeign } from '../../lib/migrate/read';
import { appFiles } from '../../lib/migrate/write';
import { sourceText } from '../../lib/yaml/source';
import fc from '../support/properties';

type Files = Readonly<Record<string, unknown>>;

const found = (files: Files, inFolder = false) =>
  join(
    Object.entries(files).map(([file, content]) =>
      readForeign(sourceText(file, typeof content === 'string' ? content : stringify(content)), { inFolder }),
    ),
  );

function moved(files: Files): Migration {
  const all = found(files);
  expect(errorsIn(all)).toEqual([]);
  return migrate(all, 'new');
}

const written = (migration: Migration) => Object.values(appFiles(migration)).join('\n');

const group = {
  name: 'g',
  rules: [
    {
      alert: 'A',
      expr: 'sum by (app) (rate({app="a"} |= "error" [5m])) > 1',
      annotations: { title: 't', description: 'd' },
    },
  ],
};
const rules = stringify({ groups: [group] });
const routes = { route: { receiver: 'a' }, receivers: [{ name: 'a' }] };
const object = (kind: string, data: object, name = 'a') => ({ apiVersion: 'v1', kind, metadata: { name }, data });
const encoded = (text: string | Buffer) => Buffer.from(text).toString('base64');

/** Names that occur nowhere else, and do not suggest a credential. */
const name = fc.stringMatching(/^q[a-z]{6,9}z$/);
const scalar = fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 99 }), fc.constantFrom('text', '10m', '', null));
const { fields } = fc.letrec<{ value: unknown; fields: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    tie('fields'),
    fc.array(tie('fields'), { maxLength: 2 }),
  ),
  fields: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 3 }),
}));

const release = (values: object, more: object) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'a' },
  spec: { values, ...more },
});
const application = (values: object, more: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'a' },
  spec: { source: { helm: { values: stringify(values), ...more } } },
});

/** Inputs in which some fields belong to alerting, and others are generated. */
const SOURCES: Readonly<Record<string, (some: Record<string, unknown>, more: Record<string, unknown>) => object>> = {
  'the chart loki': (some, more) => ({
    loki: { limits_config: { retention_period: '720h', ...some }, ...more },
    ruler: { directories: { shop: { 'a.txt': rules } }, ...some },
    ...more,
  }),
  'the chart loki as its own values': (some, more) => ({
    config: { ruler: { evaluation_interval: '30s', remote_write: some, ...more }, ...some },
    alerting_groups: [group],
    persistence: { size: '5Gi', ...more },
    ...more,
  }),
  'the chart loki with objects': (some, more) => ({
    loki: some,
    extraObjects: [object('ConfigMap', { 'a.yaml': rules, 'other.conf': 'text' })],
    ...more,
  }),
  'kube-prometheus-stack': (some, more) => ({
    alertmanager: { config: routes, templateFiles: { 'a.tmpl': '{{ define "a" }}{{ end }}' }, alertmanagerSpec: some },
    grafana: more,
    prometheus: { prometheusSpec: some },
  }),
  'the chart prometheus': (some, more) => ({
    alertmanagerFiles: { 'alertmanager.yml': routes },
    server: some,
    ...more,
  }),
  'the chart alertmanager': (some, more) => ({ config: { enabled: true, ...routes }, ingress: some, ...more }),
  'the chart promtail': (some, more) => ({
    config: { clients: [{ url: 'http://loki', ...some }], snippets: { extraScrapeConfigs: 'text', ...more } },
    ...some,
  }),
  'a HelmRelease': (some, more) => release({ loki: { alerting_groups: [group], ...some } }, more),
  'an Application': (some, more) => application({ alertmanager: { config: routes, ...some } }, more),
  'docker-compose': (some, more) => ({
    services: { loki: { image: 'grafana/loki', ...some } },
    configs: { rules: { content: rules }, other: some },
    ...more,
  }),
  "Loki's configuration": (some, more) => ({ schema_config: some, limits_config: more, ...some, ruler: { wal: more } }),
  "Promtail's configuration": (some, more) => ({ clients: [some], scrape_configs: [{ pipeline_stages: [], ...more }] }),
};

test.each(Object.entries(SOURCES))('each field is in the app or in MOVING.md: %s', (_, source) => {
  fc.assert(
    fc.property(fields, fields, (some, more) => {
      const text = written(moved({ 'a.yaml': source(some, more) }));
      const all = [...JSON.stringify([some, more]).matchAll(/"(q[a-z]+z)":/g)].map(([, found = '']) => found);

      expect(all.filter((one) => !text.includes(one))).toEqual([]);
    }),
  );
});

test('names nested fields without their values, and those of lists once', () => {
  expect(nestedNames({ a: { b: 'geheim', c: [{ d: 1 }, { d: 2, e: null }] }, f: [1], g: undefined })).toEqual([
    'a (b, c (d, e))',
    'f',
  ]);
  expect(nestedNames({ 'https://me:geheim@example.com/': { a: 1 } })).toEqual(['https://<secret>@example.com/ (a)']);
});

describe('stages of Promtail', () => {
  const left = (content: unknown) => moved({ 'a.yaml': content }).left.join('\n');
  const masking = { replace: { expression: '\\d{16}', replace: '****' } };

  test.each<[string, unknown]>([
    [
      'below match',
      { config: { snippets: { pipelineStages: [{ match: { selector: '{a="b"}', stages: [masking] } }] } } },
    ],
    [
      'below two of them',
      {
        scrape_configs: [{ pipeline_stages: [{ match: { stages: [{ match: { stages: [masking] } }] } }] }],
        clients: [],
      },
    ],
    ['in a text', { config: { snippets: { extraScrapeConfigs: stringify([{ pipeline_stages: [masking] }]) } } }],
    [
      'in a text with actions of Helm',
      { config: { snippets: { scrapeConfigs: '- job_name: a\n  pipeline_stages:\n    {{- x }}\n    - replace:\n' } } },
    ],
  ])('that mask text are reported: %s', (_, content) => {
    expect(left(content)).toMatch(
      /pipeline stages of Promtail in a\.yaml: .*replace.*mask it with collectorPipeline\.redact/,
    );
  });
});

describe('docker-compose', () => {
  const compose = (contents: Readonly<Record<string, string>>) => ({
    services: { hook: { build: '.' } },
    configs: Object.fromEntries(Object.entries(contents).map(([key, content]) => [key, { content }])),
  });

  test("has Loki's configuration in configs", () => {
    const content = 'auth_enabled: false\nlimits_config: { retention_period: "${RETENTION:-168h}", a_limit: 1 }\n';
    const migration = moved({ 'compose.yml': compose({ loki: content }) });

    expect(migration.settings).toEqual({ retention: '168h' });
    expect(migration.left).toEqual(
      expect.arrayContaining([
        'variable RETENTION in compose.yml: replaced by its default',
        expect.stringContaining('a_limit'),
      ]),
    );
  });

  test.each(['{ receiver: ${RECEIVER:-hook} }', '{ receiver: hook, group_wait: ${WAIT-10s} }'])(
    'has variables in configs, also where their braces are not YAML: %s',
    (route) => {
      const content = `route: ${route}\nreceivers: [{ name: hook, webhook_configs: [{ url: 'http://hook/a' }] }]\n`;
      const migration = moved({ 'compose.yml': compose({ am: content }) });

      expect(migration.alertmanager?.route.receiver).toBe('hook');
      expect(migration.findings).toContainEqual(expect.objectContaining({ id: 'migrate-address' }));
    },
  );

  test('has rules with the name of their config', () => {
    expect(moved({ 'compose.yml': compose({ shop: rules }) }).rules.map(({ name }) => name)).toEqual(['shop.yaml']);
  });

  test.each(['hook', 'hook-1', 'hook-host', 'hook-alias'])('has several names for a service: %s', (host) => {
    const url = `http://${host}:80/`;
    const hook = {
      container_name: 'hook-1',
      hostname: 'hook-host',
      networks: { a: { aliases: ['hook-alias'] }, b: null },
    };
    const am = { route: { receiver: 'a' }, receivers: [{ name: 'a', webhook_configs: [{ url }] }] };

    expect(moved({ 'compose.yml': { services: { hook } }, 'alertmanager.yml': am }).findings).toContainEqual(
      expect.objectContaining({ problem: expect.stringMatching(/a service of docker-compose/) }),
    );
  });

  test('is ignored if it has nothing to do with alerting, apart from the names of its services', () => {
    const all = found({ 'compose.yml': { services: { shop: { image: 'shop' } }, networks: {} } });

    expect(all).toMatchObject({ left: [], services: ['shop'] });
  });
});

describe('the source of a configuration', () => {
  test.each(['alertmanager.yml.tmpl', 'alertmanager.yaml.template', 'alertmanager.gotmpl'])(
    'may have variables where their braces are not YAML: %s',
    (file) => {
      const text =
        'route: { receiver: ${RECEIVER:-a}, repeat_interval: ${REPEAT} }\nreceivers: [{ name: a, webhook_configs: [{ url: ${URL} }], telegram_configs: [{ bot_token: ${TOKEN}, chat_id: ${CHAT} }] }]\n';
      const migration = moved({ [file]: text });

      expect(written(migration)).not.toMatch(/\$\{/);
      expect(migration.credentials.map(({ path }) => path)).toEqual([
        'receivers[0].webhook_configs[0].url',
        'receivers[0].telegram_configs[0].bot_token',
      ]);
      expect(migration.left).toEqual([`variable RECEIVER in ${file}: replaced by its default`]);
      expect(migration.findings.filter(({ id }) => id === 'migrate-variable').map(({ problem }) => problem)).toEqual([
        expect.stringContaining('REPEAT'),
        expect.stringContaining('CHAT'),
      ]);
    },
  );

  test.each(['NUMBER', '"<chat id>"', '__CHAT__'])('may have placeholders for numbers: %s', (placeholder) => {
    const text = `route: { receiver: a }\nreceivers: [{ name: a, telegram_configs: [{ bot_token_file: /a, chat_id: ${placeholder} }] }]\n`;

    expect(moved({ 'alertmanager.yml': text }).findings).toContainEqual(
      expect.objectContaining({ id: 'migrate-variable', problem: expect.stringContaining('placeholder') }),
    );
  });
});

describe('variables in rules', () => {
  const rule = {
    alert: 'A',
    expr: 'sum by (app) (rate({namespace="${NS:-shop}"}[5m])) > ${LIMIT:-5}',
    for: '${FOR:=10m}',
    labels: { cluster: '${CLUSTER}', env: '${ENV:-prod}' },
    annotations: { title: 't', description: 'in ${CLUSTER}' },
  };
  const groups = [{ name: 'g', interval: '${INTERVAL:-2m}', rules: [rule] }];

  test.each<[string, object]>([
    ['rules.yml', { groups }],
    ['rules.yml.tmpl', { groups }],
    ['release.yaml', release({ loki: { alerting_groups: groups } }, {})],
    ['application.yaml', application({ ruler: { directories: { fake: { 'a.yaml': stringify({ groups }) } } } }, {})],
    ['map.yaml', object('ConfigMap', { 'a.yaml': stringify({ groups }) })],
  ])('are replaced by their defaults, and the others are reported: %s', (file, content) => {
    const migration = moved({ [file]: content });

    expect(JSON.parse(JSON.stringify(migration.rules[0]?.groups))).toEqual([
      {
        name: 'g',
        interval: '2m',
        rules: [
          {
            ...rule,
            expr: 'sum by (app) (rate({namespace="shop"}[5m])) > 5',
            for: '10m',
            labels: { cluster: '${CLUSTER}', env: 'prod' },
          },
        ],
      },
    ]);
    expect(migration.left.filter((line) => line.includes('replaced by its default'))).toHaveLength(5);
    expect(
      migration.findings
        .filter(({ id }) => id === 'migrate-variable')
        .map(({ severity, problem }) => [severity, problem]),
    ).toEqual([
      ['error', expect.stringMatching(/^label 'cluster' contains the variable CLUSTER/)],
      ['warning', expect.stringMatching(/^annotation 'description' contains the variable CLUSTER/)],
    ]);
  });

  test('do not hide that a rule reads logs', () => {
    const expr = 'sum by (app) (rate({namespace="shop"}[${RANGE}])) > ${LIMIT}';
    const migration = moved({ 'a.yaml': { groups: [{ name: 'g', rules: [{ ...rule, expr, for: '1m' }] }] } });

    expect(migration.rules).toHaveLength(1);
    expect(migration.findings).toContainEqual(expect.objectContaining({ id: 'logql-syntax', severity: 'error' }));
  });
});

describe('files of other programs', () => {
  const binary = encoded(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]));

  test.each<[string, object]>([
    ['binary', { 'bin.yaml': binary }],
    ['invalid YAML', { 'a.yaml': encoded('a: [') }],
    ['routes', { 'routes.yaml': encoded('route: /api [\n') }],
  ])('in Secrets neither stop a migration nor are listed: %s', (_, data) => {
    expect(moved({ 'a.yaml': object('Secret', data), 'rules.yaml': rules }).left).toEqual([]);
  });

  test('in Secrets stop it if they are the configuration of Alertmanager', () => {
    expect(errorsIn(found({ 'a.yaml': object('Secret', { 'alertmanager.yaml.gz': binary }) }))).toHaveLength(1);
  });

  test('in a folder do not stop a migration; broken rules and routes do', () => {
    const errors = (text: string) => errorsIn(found({ 'a.yaml': text }, true));

    expect(errors('spec:\n  {{- if .Values.a }}\n  a: [\n')).toEqual([]);
    expect(errors('loki: [')).toEqual([]);
    expect(found({ 'a.yaml': 'loki: [' }, true).left).toEqual([
      expect.stringMatching(/^a\.yaml: not read: invalid YAML/),
    ]);
    expect(found({ 'a.yaml': 'a: [' }, true).left).toEqual([]);
    expect(errors('groups:\n  - name: a\n    rules: [\n')).not.toEqual([]);
    expect(errors('route: { receiver: a\nreceivers: []')).not.toEqual([]);
    expect(errorsIn(found({ 'a.yaml': 'a: [' }))).not.toEqual([]);
  });
});

describe('templates of Helm', () => {
  const helpers = '{{- define "shop.name" -}}{{ .Values.name | trunc 63 }}{{- end }}\n{{ include "shop.name" . }}\n';
  const files = { 'alertmanager.yml': routes, '_helpers.tpl': helpers };

  test('are not message templates, and are only listed if they were named', () => {
    expect(moved(files)).toMatchObject({
      templates: [],
      left: [expect.stringMatching(/^_helpers\.tpl: a template of Helm/)],
    });
    expect(found(files, true)).toMatchObject({ templates: [], left: [] });
    expect(found({ 'deployment.yaml': 'a:\n  {{- toYaml .Values.a | nindent 2 }}\n  b: [\n' }, true).left).toEqual([]);
  });

  test.each(['values.yaml.gotmpl', 'values.gotmpl'])('of values are listed: %s', (file) => {
    const text =
      'alertmanager:\n  config:\n    route: { receiver: a }\n    receivers: [{ name: a, slack_configs: [{ api_url: {{ requiredEnv "A" }} }] }]\n';

    expect(moved({ [file]: text })).toMatchObject({
      alertmanager: undefined,
      left: [`${file}: a template of a configuration: pass the rendered file instead`],
    });
  });

  test('with rules or routes are listed', () => {
    const text = 'groups:\n{{- if .Values.a }}\n- name: g\n  rules:\n  - alert: A\n    expr: a\n{{- end }}\n  - b: [\n';

    expect(found({ 'rules.yaml': text }, true).left).toEqual([expect.stringMatching(/^rules\.yaml: a template/)]);
  });
});

describe('several files', () => {
  test('with the same rules become one', () => {
    const migration = moved({ 'k8s/a.yaml': object('ConfigMap', { 'a.yaml': rules }), 'a.yml': rules, 'b.yml': '' });

    expect(migration.rules).toHaveLength(1);
    expect(migration.left).toEqual([expect.stringMatching(/^a\.yml:1:1: the same rules as k8s\/a\.yaml:/)]);
  });

  test("in folders of tenants, as in Loki's own layout, are reported with them", () => {
    const other = rules.replace('alert: A', 'alert: B');

    expect(moved({ 'rules/shop/a.yaml': rules, 'rules/bank/a.yaml': other }).left).toEqual([
      expect.stringMatching(/^tenant 'shop' of rules\/a\.yaml/),
      expect.stringMatching(/^tenant 'bank' of rules\/a-2\.yaml/),
    ]);
  });

  test('of two Alertmanagers in one file, the first is migrated, and the other is named', () => {
    const config = (name: string) =>
      `{config: {route: {receiver: ${name}}, receivers: [{name: ${name}, webhook_configs: [{url: 'http://${name}.example.com'}]}]}}`;
    const { alertmanager, left } = moved({
      'values.yaml': `prometheus: {alertmanager: ${config('a')}}\nalertmanager: ${config('b')}\n`,
    });
    expect(alertmanager?.route?.receiver).toBe('a');
    expect(left).toContainEqual(
      expect.stringMatching(/^values\.yaml:2:24: another configuration of Alertmanager than that of values\.yaml:1:37/),
    );
  });

  test('with variants of alertmanager.yml become the one with this name; others must be chosen', () => {
    const other = { ...routes, receivers: [{ name: 'a' }, { name: 'b' }] };
    const variants = { 'am/alertmanager-slack.yml': other, 'am/alertmanager.yml': routes };

    expect(moved(variants).alertmanager?.receivers).toHaveLength(1);
    expect(moved(variants).left).toEqual([expect.stringMatching(/^am\/alertmanager-slack\.yml:1:1: a variant of/)]);
    expect(errorsIn(found({ 'a/alertmanager.yml': other, 'b/alertmanager.yml': routes }))).toHaveLength(1);
    expect(errorsIn(found({ 'alertmanager.dev.yml': other, 'alertmanager.prod.yml': routes }))).toHaveLength(1);
  });
});

test.each([{ deploymentMode: 'SingleBinary' }, {}])('reads the volume of a single Loki in the chart loki', (mode) => {
  const persistence = { size: '20Gi', storageClass: 'fast', accessModes: [] };
  const values = { ...mode, loki: { limits_config: {} }, singleBinary: { replicas: 1, persistence, nodeSelector: {} } };
  const { settings, left } = moved({ 'values.yaml': values });

  expect(settings).toEqual({ storage: '20Gi', storageClassName: 'fast' });
  expect(left.join('\n')).toMatch(/persistence\.accessModes[\s\S]*values of singleBinary .*\(replicas, nodeSelector\)/);
});

test('ignores the volume of a single Loki that the chart loki does not run', () => {
  const values = { loki: { limits_config: {} }, singleBinary: { replicas: 0, persistence: { size: '20Gi' } } };

  expect(moved({ 'values.yaml': values })).toMatchObject({
    settings: {},
    left: [expect.stringMatching(/singleBinary .*persistence \(size\)/)],
  });
});

test('names the fields of resources of operators', () => {
  const stack = { apiVersion: 'loki.grafana.com/v1', kind: 'LokiStack', metadata: { name: 'a' } };
  const spec = { limits: { global: { retention: { days: 20 } } } };

  expect(moved({ 'a.yaml': { ...stack, spec } }).left).toEqual([
    expect.stringMatching(/^LokiStack default\/a in a\.yaml: .*limits \(global \(retention \(days\)\)\)$/),
  ]);
});

test('rules in values have the names of their files', () => {
  const values = { ruler: { directories: { fake: { 'shop.txt': rules } } } };

  expect(moved({ 'values.yaml': values }).rules.map(({ name }) => name)).toEqual(['shop.yaml']);
});

test('reads objects in values', () => {
  const config = { ...object('Secret', {}), stringData: { 'alertmanager.yaml': stringify(routes) } };
  const values = { loki: { limits_config: {} }, extraObjects: [object('ConfigMap', { 'a.yaml': rules }), config] };
  const migration = moved({ 'values.yaml': values });

  expect(migration.alertmanager).toEqual(parse(stringify(routes)));
  expect(migration.rules.map(({ name }) => name)).toEqual(['a.yaml']);
});
