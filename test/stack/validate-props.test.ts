import type { LogAlertingProps } from '../../lib';
import { secretFile } from '../../lib/alertmanager/mounted-secrets';
import { formatFinding, formatMessage } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { images } from '../../lib/versions/images';
import { PRODUCTION, PROPS } from '../manifests/synth';
import fc from '../support/properties';

/** What is found in the options of the demo with these instead. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

test('the demo and production are well', () => {
  expect(found({})).toEqual([]);
  expect(found(PRODUCTION)).toEqual([]);
});

test.each<[string, object, RegExp]>([
  [
    'a collector that there is not',
    { collector: 'otel' },
    /^option 'collector': expected \("promtail" \| "opentelemetry"\), got "otel"$/,
  ],
  [
    'a way into the open Grafana from outside',
    { grafana: { ingress: { host: 'grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' } } },
    /^option 'grafana': is open to everybody outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'a way to Alertmanager, which asks nobody, from outside',
    { alertmanager: { ingress: { host: 'alerts.example.com', namespace: 'traefik', tlsSecret: 'alerts-tls' } } },
    /^option 'alertmanager': lets everybody outside the cluster silence alerts: set alertmanager: \{ basicAuthSecret \} too$/,
  ],
  [
    'one host for two programs',
    {
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanager': has the host of Grafana: use a different host, e\.g\. alertmanager\.example\.com$/,
  ],
  [
    'a Gateway for the open Grafana',
    {
      grafana: {
        gateway: {
          host: 'a.example.com',
          namespace: 'traefik',
          parentRef: { name: 'a', namespace: 'traefik', sectionName: 'https' },
        },
      },
    },
    /^option 'grafana': is open to everybody outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'a Gateway of which any listener would do',
    {
      grafana: {
        adminSecret: 'a',
        gateway: { host: 'a.example.com', namespace: 'traefik', parentRef: { name: 'a', namespace: 'traefik' } },
      },
    },
    /^option 'grafana.gateway.parentRef.sectionName': .*(missing|undefined)/,
  ],
  [
    'an Ingress without a certificate',
    { grafana: { adminSecret: 'a', ingress: { host: 'grafana.example.com', namespace: 'traefik' } } },
    /^option 'grafana.ingress.tlsSecret': .*(missing|undefined)/,
  ],
  [
    'a host that is a URL',
    {
      grafana: {
        adminSecret: 'a',
        ingress: { host: 'https://grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' },
      },
    },
    /^option 'grafana\.ingress\.host': "https:\/\/grafana\.example\.com" is not a valid host name: use it without https:\/\/ and port, e\.g\. grafana\.example\.com$/,
  ],
  [
    'a path of Grafana that its Ingress does not take off',
    {
      grafanaUrl: 'https://a.example.com/grafana',
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'grafanaUrl': .*has a path, but ingress and gateway .*: leave the path out, or put a proxy/,
  ],
  [
    'a path of Alertmanager that its Ingress does not take off',
    {
      alertmanagerUrl: 'https://a.example.com/alerts',
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanagerUrl': .*has a path/,
  ],
  [
    'an image without a version',
    { images: { loki: 'a.example.com/loki' } },
    /^option 'images.loki': .* names no version/,
  ],
  ['the newest of an image', { images: { loki: 'grafana/loki:latest' } }, /^option 'images.loki': .* names no version/],
  [
    'a digest that is none',
    { images: { loki: `${images.loki}@sha256:abc` } },
    /^option 'images.loki': .* has no digest behind the @: write sha256: and its 64 digits/,
  ],
  [
    'a digest that is too long',
    { images: { loki: `grafana/loki@sha256:${'a'.repeat(65)}` } },
    /^option 'images.loki': .* has no digest behind the @/,
  ],
  [
    'an image in capitals',
    { images: { loki: 'Grafana/loki:3' } },
    /^option 'images\.loki': "Grafana\/loki:3" is not a valid image: write its name and a tag, as in grafana\/loki:[\d.]+$/,
  ],
  [
    'a credential where the name of its Secret belongs',
    { grafana: { adminSecret: 'wJalrXUtnFEMI/K7MDENG' } },
    /^option 'grafana\.adminSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a credential where names of Secrets belong',
    { alertmanager: { secrets: ['K7MDENG='] } },
    /^option 'alertmanager\.secrets\.0': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a credential where a list belongs',
    { imagePullSecrets: 'K7MDENG=' },
    /^option 'imagePullSecrets': expected Array, got the text$/,
  ],
  [
    'an image that is not here',
    { images: { lokki: 'a:1' } },
    /^option 'images\.lokki': is not an option: use one of loki, promtail, openTelemetryCollector, alertmanager, grafana, nginx, curl, memcached; did you mean 'loki'\?$/,
  ],
  [
    'a registry with a scheme',
    { imageRegistry: 'https://registry.example.com' },
    /^option 'imageRegistry': "https:\/\/registry\.example\.com" is not a valid registry: write a host and, if need be, a folder, as in registry\.example\.com\/mirror$/,
  ],
  [
    'a time without a zone',
    { collector: 'opentelemetry', collectFrom: '2026-12-01 10:00' },
    /^option 'collectFrom': "2026-12-01 10:00" is not a valid time: use RFC 3339, e\.g\. 2026-12-01T10:00:00Z$/,
  ],
  [
    'a collector that can not begin at a time',
    { collectFrom: '2026-12-01T10:00:00Z' },
    /^option 'collectFrom': is only supported by the collector 'opentelemetry': use that, or remove the option$/,
  ],
  [
    'a webhook that is no URL',
    { slack: { webhookUrl: 'slack-inbox' } },
    /^option 'slack\.webhookUrl': "slack-inbox" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a webhook of a real Slack',
    { slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' } },
    /^option 'slack\.webhookUrl': is a credential, which would be committed in dist: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a webhook of GovSlack',
    { slack: { webhookUrl: 'https://hooks.slack-gov.com/services/T0/B0/x' } },
    /^option 'slack.webhookUrl': is a credential/,
  ],
  [
    'no webhook at all',
    { slack: { channel: '#a' } },
    /^option 'slack': requires exactly one of webhookSecret and webhookUrl: set webhookSecret; webhookUrl is for a stand-in such as slack-inbox$/,
  ],
  [
    'two webhooks',
    { slack: { webhookSecret: 'a', webhookUrl: 'http://b' } },
    /^option 'slack': requires exactly one of webhookSecret and webhookUrl: set webhookSecret; webhookUrl is for a stand-in such as slack-inbox$/,
  ],
  [
    'an empty channel',
    { slack: { webhookSecret: 'a', channel: '' } },
    /^option 'slack.channel': "" is empty: write a channel as in #alerts$/,
  ],
  [
    'a Secret that has no name for Kubernetes',
    { slack: { webhookSecret: 'Slack_Webhook' } },
    /^option 'slack\.webhookSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a heartbeat whose URL is a credential',
    { heartbeat: { webhookUrl: 'https://hc-ping.com/00000000-0000-0000-0000-000000000000' } },
    /^option 'heartbeat\.webhookUrl': is a webhook of hc-ping\.com, and its URL is enough to post there, and dist is committed: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a heartbeat that calls nobody',
    { heartbeat: {} },
    /^option 'heartbeat': requires exactly one of webhookSecret and webhookUrl: set webhookSecret; webhookUrl is for a service that needs no credential$/,
  ],
  [
    'a malformed heartbeat',
    { heartbeat: { webhookSecret: 'heartbeat', interval: 'often' } },
    /^option 'heartbeat\.interval': "often" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a Secret that has no name',
    { alertmanager: { secrets: ['Bridge'] } },
    /^option 'alertmanager\.secrets\.0': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  ['no requests at all', { demo: { rate: 0 } }, /^option 'demo\.rate': 0 is not a whole number above 0: use e\.g\. 1$/],
  [
    'fewer than no replicas',
    { demo: { replicas: -1 } },
    /^option 'demo\.replicas': -1 is not a whole number above 0: use e\.g\. 1$/,
  ],
  [
    'a malformed retention',
    { loki: { retention: '7 days' } },
    /^option 'loki\.retention': "7 days" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed interval',
    { loki: { evaluationInterval: '1.5m' } },
    /^option 'loki\.evaluationInterval': "1\.5m" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed wait',
    { routing: { groupWait: 'soon' } },
    /^option 'routing\.groupWait': "soon" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed quantity',
    { loki: { storage: '5GB' } },
    /^option 'loki\.storage': "5GB" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m$/,
  ],
  [
    'a namespace that Kubernetes refuses',
    { namespaces: { logging: 'Logging_1' } },
    /^option 'namespaces\.logging': "Logging_1" is not a valid name of a namespace: use up to 63 of a-z, 0-9 and -, starting and ending with a letter or digit$/,
  ],
  [
    'one namespace for two parts',
    { namespaces: { logging: 'a', demo: 'a' } },
    /^option 'namespaces': has one namespace for two parts, which need different Pod Security levels: use different names$/,
  ],
  [
    'a namespace that another part has by default',
    { namespaces: { demo: 'logging' } },
    /^option 'namespaces': has one namespace for two parts, which need different Pod Security levels: use different names$/,
  ],
  [
    'an address that is no URL',
    { grafanaUrl: 'grafana.example.com' },
    /^option 'grafanaUrl': "grafana\.example\.com" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a Prometheus that is no URL',
    { monitoring: { namespace: 'monitoring', prometheusUrl: 'prometheus:9090' } },
    /^option 'monitoring\.prometheusUrl': "prometheus:9090" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'two trees of routes',
    { routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] }, groupWait: '1m' } },
    /^option 'routing\.groupWait': has no effect together with config, which replaces the routes of the stack: move it into config, or remove config$/,
  ],
  [
    'routes that are none',
    { routing: { config: { route: { receiver: 'a', routes: 0 }, receivers: [{ name: 'a' }] } } },
    /^option 'routing\.config\.route\.routes': expected Array, got 0$/,
  ],
  [
    'a Slack that no receiver reads',
    {
      slack: { webhookSecret: 'slack-webhook' },
      routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } },
    },
    /^option 'slack': has no effect together with routing\.config, which has its own receivers: remove it, and add slackReceiver to config and its Secret to alertmanager\.secrets$/,
  ],
  [
    'a namespace of a demo that is not there',
    { ...PRODUCTION, namespaces: { demo: 'playground' } },
    /^option 'namespaces': has a namespace for the demo, which is not enabled: remove it, or set the option demo$/,
  ],
  [
    'a template that Alertmanager does not look for',
    { routing: { templates: { 'a.txt': '' } } },
    /option 'routing\.templates\.a\.txt': "a\.txt" is not a valid name of a template file: write for instance shop\.tmpl/,
  ],
  [
    'a typo',
    { demos: false },
    /^option 'demos': is not an option: use one of profile, loki, grafana, rules, tenants, rateAlert, runbook, slack, routing, heartbeat, collector, collectFrom, collectorHost, alertmanager, grafanaUrl, alertmanagerUrl, imageRegistry, images, imagePullSecrets, priorityClassName, pods, storageClassName, demo, networkPolicies, kubernetesApiPorts, monitoring, namespaces, severities, strict; did you mean 'demo'\?$/,
  ],
  [
    'a typo deep inside',
    { demo: { ratte: 5 } },
    /^option 'demo\.ratte': is not an option: use one of rate, replicas; did you mean 'rate'\?$/,
  ],
  [
    'a typo in a rule',
    { rules: [{ name: 'a', groups: [{ name: 'a', rules: [{ alret: 'A', expr: '1' }] }] }] },
    /^option 'rules\.0\.groups\.0\.rules\.0\.alret': is not an option: use one of alert, record, expr, for, labels, annotations, waive; did you mean 'alert'\?$/,
  ],
  ['rules that are missing', { rules: undefined }, /^option 'rules': .*(missing|undefined)/],
  ['a wrong type', { networkPolicies: 'no' }, /^option 'networkPolicies': expected boolean, got "no"$/],
  [
    'a profile that Loki gives up',
    { profile: 'simple-scalable' },
    /^option 'profile': expected \("demo" \| "single" \| "distributed"\), got "simple-scalable"$/,
  ],
  [
    'no place for messages',
    { profile: 'single', grafana: { adminSecret: 'a' } },
    /^option 'slack': is missing: without the demo there is no slack-inbox to receive the notifications: set slack: \{ webhookSecret \}$/,
  ],
  [
    'no way into Grafana',
    { profile: 'single', slack: { webhookSecret: 'a' } },
    /^option 'grafana': lacks adminSecret: only the Grafana of the demo allows anonymous access: set grafana: \{ adminSecret \}$/,
  ],
])('%s', (_, instead, message) => {
  expect(found(instead)).toEqual([expect.stringMatching(message)]);
});

test('each unknown option gets the names of its own place', () => {
  expect(found({ demos: {}, loki: { limits: { max_lines: 1 } } })).toEqual([
    expect.stringMatching(/^option 'loki.limits.max_lines': is not an option: use one of ingestion_rate_mb, /),
    expect.stringMatching(/^option 'demos': is not an option: use one of profile, /),
  ]);
});

test('limits of Loki stand in its own words, but for the retention', () => {
  expect(found({ loki: { limits: { max_lines: 1 } } })).toEqual([
    expect.stringMatching(
      /^option 'loki\.limits\.max_lines': is not an option: use one of ingestion_rate_mb, ingestion_burst_size_mb, per_stream_rate_limit, per_stream_rate_limit_burst, max_line_size, max_query_length, max_query_series, tsdb_max_query_parallelism, max_entries_limit_per_query, query_timeout, ruler_max_rules_per_rule_group, ruler_max_rule_groups_per_tenant; did you mean 'max_line_size'\?$/,
    ),
  ]);
  expect(found({ loki: { limits: { ingestion_rate_mb: 100, ingestion_burst_size_mb: 4 } } })).toEqual([]);
  expect(found({ loki: { limits: { max_global_streams_per_user: 20_000 } } })).toEqual([
    expect.stringMatching(
      /^option 'loki.limits.max_global_streams_per_user': is not supported, because one stream too many would block all logs of its node for an hour: limit the pods/,
    ),
  ]);
  expect(found({ loki: { limits: { ingestion_burst_size_mb: 1, per_stream_rate_limit_burst: '512KB' } } })).toEqual([
    expect.stringMatching(
      /^option 'loki.limits.ingestion_burst_size_mb': 1 is less than the megabytes of the largest batch of a collector, .*: use 4 or more$/,
    ),
    expect.stringMatching(
      /^option 'loki.limits.per_stream_rate_limit_burst': "512KB" is less than the largest batch of a collector/,
    ),
  ]);
  expect(found({ loki: { limits: { retention_period: '30d', query_timeout: '1h' } } })).toEqual([
    expect.stringMatching(
      /^option 'loki.limits.retention_period': is set by the option 'loki.retention': use that option/,
    ),
    expect.stringMatching(/^option 'loki.limits.query_timeout': "1h" is longer than the timeout of responses, 10m/),
  ]);
});

describe('tenants', () => {
  const { rules } = PROPS;
  const tenant = { namespaces: ['shop'], rules };

  test('are well with namespaces, rules and limits', () => {
    const limits = { retention_period: '30d', ingestion_rate_mb: 0.5, per_stream_rate_limit: '3MB' };
    expect(
      found({ tenants: { shop: { ...tenant, limits }, 'team-1': { ...tenant, namespaces: ['a', 'b'] } } }),
    ).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['no rules', { shop: { ...tenant, rules: [] } }, /^option 'tenants.shop.rules': is empty: a tenant without rules/],
    ['rules left out', { shop: { namespaces: ['shop'] } }, /^option 'tenants.shop.rules'/],
    [
      'no namespace',
      { shop: { ...tenant, namespaces: [] } },
      /'tenants.shop.namespaces': is empty, so that the tenant/,
    ],
    [
      'a namespace of two',
      { shop: tenant, bank: tenant },
      /^option 'tenants': gives namespace 'shop' to both 'shop' and 'bank', .*: name it once$/,
    ],
    ['a namespace twice', { shop: { ...tenant, namespaces: ['a', 'a'] } }, /gives namespace 'a' to 'shop' twice/],
    [
      "one of the stack's own",
      { shop: { ...tenant, namespaces: ['logging'] } },
      /^option 'tenants': take a namespace of/,
    ],
    [
      'a name that is no part of one',
      { Shop_1: tenant },
      /option 'tenants\.Shop_1': "Shop_1" is not a valid name for a tenant: write up to 40 of a-z, 0-9 and -/,
    ],
    ["the stack's own name", { fake: tenant }, /"fake" is the stack's own tenant/],
    [
      'a limit that Loki does not know',
      { shop: { ...tenant, limits: { max_lines: 1 } } },
      /option 'tenants\.shop\.limits\.max_lines': is not an option: use one of retention_period, ingestion_rate_mb, ingestion_burst_size_mb, per_stream_rate_limit, per_stream_rate_limit_burst, max_line_size, max_query_length, max_query_series, tsdb_max_query_parallelism, max_entries_limit_per_query, query_timeout, ruler_max_rules_per_rule_group, ruler_max_rule_groups_per_tenant; did you mean 'max_line_size'\?/,
    ],
    [
      'a query that may take longer than any answer',
      { shop: { ...tenant, limits: { query_timeout: '11m' } } },
      /is longer than the timeout of responses, 10m/,
    ],
    [
      'a size that Loki can not read',
      { shop: { ...tenant, limits: { max_line_size: '1Mi' } } },
      /option 'tenants\.shop\.limits\.max_line_size': "1Mi" is not a valid size: use a number with KB, MB or GB, e\.g\. 3MB/,
    ],
  ])('are refused with %s', (_, tenants, message) => {
    expect(found({ tenants })).toEqual([expect.stringMatching(message)]);
  });

  test("are looked into whatever is wrong with their options, or with another's", () => {
    const wrong = (expr: string) => [{ name: 'r.yaml', groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] }];
    const tenants = {
      shop: { ...tenant, rules: wrong('rate({app="a"}[1.5m]) > 1'), limits: { retention_period: '30 days' } },
      bank: { namespaces: ['bank'], rules: 'none' },
    };
    expect(checkLogAlerting({ ...PROPS, tenants } as unknown as LogAlertingProps).map(formatFinding)).toEqual([
      expect.stringContaining("option 'tenants.shop.limits.retention_period'"),
      expect.stringContaining("option 'tenants.bank.rules'"),
      expect.stringMatching(/tenant 'shop': alert 'A' .*\[1\.5m\]/),
    ]);
    for (const none of [null, 'shop', { shop: null }, { shop: { rules: [null] } }]) {
      expect(() => checkLogAlerting({ ...PROPS, tenants: none } as unknown as LogAlertingProps)).not.toThrow();
    }
  });
});

const BUCKET = {
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  bucket: 'logs',
  credentialsSecret: 'bucket',
};

describe('a distributed Loki', () => {
  const distributed = (instead: object = {}, bucket: object = {}) =>
    found({ ...PRODUCTION, profile: 'distributed', loki: { objectStorage: { ...BUCKET, ...bucket }, ...instead } });

  test('is well with a bucket', () => {
    expect(distributed()).toEqual([]);
    expect(distributed({ replicas: { ingester: 5, ruler: 3 }, replicationFactor: 5 })).toEqual([]);
    expect(
      distributed({
        zones: ['a', 'b', 'c'],
        replicas: { ingester: 6 },
        autoscaling: { querier: { minReplicas: 2, maxReplicas: 9, targetCpu: 80 } },
        caches: { chunks: { memory: '1Gi' }, results: { memory: '256Mi' } },
      }),
    ).toEqual([]);
    expect(distributed({}, { credentialsSecret: undefined, serviceAccountAnnotations: { a: 'b' } })).toEqual([]);
  });

  test('is refused with no options at all', () => {
    expect(found({ ...PRODUCTION, profile: 'distributed', loki: undefined })).toEqual([
      expect.stringMatching(/^option 'loki.objectStorage': is required/),
    ]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'no object storage',
      { objectStorage: undefined },
      {},
      /^option 'loki.objectStorage': is required: the targets .* cannot share a file system: set \{ endpoint/,
    ],
    [
      'a file system for it',
      { objectStorage: 'filesystem' },
      {},
      /option 'loki\.objectStorage': expected options, got "filesystem"/,
    ],
    [
      'a folder for it',
      {},
      { endpoint: 'file:///data' },
      /option 'loki\.objectStorage\.endpoint': "file:\/\/\/data" is not a valid URL: use http:\/\/ or https:\/\/ and a host/,
    ],
    ['no bucket', {}, { bucket: undefined }, /^option 'loki.objectStorage.bucket'/],
    [
      'a bucket in the path',
      {},
      { endpoint: 'https://s3.example.com/logs' },
      /endpoint': has a path: .* name of the bucket$/,
    ],
    [
      'a bucket in the host',
      {},
      { endpoint: 'https://logs.s3.example.com' },
      /endpoint': starts with .* of the service only$/,
    ],
    [
      'an impossible bucket',
      {},
      { bucket: 'My_Logs' },
      /option 'loki\.objectStorage\.bucket': "My_Logs" is not a valid bucket name: use 3 to 63 of a-z, 0-9, - and \./,
    ],
    [
      'a key',
      {},
      { secretAccessKey: 'geheim' },
      /option 'loki\.objectStorage\.secretAccessKey': is a credential, which would be committed in dist: put it in a Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and set credentialsSecret/,
    ],
    [
      'a key in the URL',
      {},
      { endpoint: 'https://a:geheim@s3.example.com' },
      /option 'loki\.objectStorage\.endpoint': holds a user name or password, which would be committed in dist: remove them/,
    ],
    [
      'no credentials',
      {},
      { credentialsSecret: undefined },
      /'loki.objectStorage': requires exactly one of credentialsSecret/,
    ],
    [
      'too few ingesters',
      { replicas: { ingester: 2 } },
      {},
      /'loki.replicationFactor': is 3 by default, more than the 2 ingesters/,
    ],
    ['too many copies', { replicationFactor: 5 }, {}, /lower it, or raise replicas.ingester$/],
    ['two compactors', { replicas: { compactor: 2 } }, {}, /replicas.compactor': is always 1/],
    [
      'a typo',
      { replicas: { ingestor: 3 } },
      {},
      /option 'loki\.replicas\.ingestor': is not an option: use one of distributor, ingester, query-frontend, query-scheduler, querier, index-gateway, ruler; did you mean 'ingester'\?/,
    ],
    ['a copy for nothing', { replicationFactor: 2 }, {}, /replicationFactor': 2 is even, .*: use 1, 3 or 5$/],
    [
      'a number that is chosen and set',
      { replicas: { querier: 2 }, autoscaling: { querier: { minReplicas: 2, maxReplicas: 9 } } },
      {},
      /autoscaling.querier': conflicts with replicas, .* remove one of the two$/,
    ],
    [
      'ingesters that come and go',
      { autoscaling: { ingester: { minReplicas: 3, maxReplicas: 9 } } },
      {},
      /autoscaling.ingester': cannot be autoscaled: .*: use replicas instead$/,
    ],
    [
      'nothing to choose',
      { autoscaling: { querier: { minReplicas: 2, maxReplicas: 2 } } },
      {},
      /autoscaling.querier.maxReplicas': is not greater than minReplicas/,
    ],
    [
      'the resources of its targets',
      { resources: { ingester: { memory: '4Gi' } } },
      {},
      /loki.resources': was replaced by the option 'pods': use e\.g\. pods: \{ 'loki-ingester'/,
    ],
    [
      'fewer zones than copies',
      { zones: ['a', 'b'], replicas: { ingester: 4 } },
      {},
      /zones': are fewer than the copies of a line, .*; replicationFactor is 3 by default: add zones/,
    ],
    ['a zone twice', { zones: ['a', 'b', 'a'] }, {}, /zones': has a duplicate zone: remove one$/],
    ['no zones', { zones: [] }, {}, /zones': are fewer than/],
    [
      'ingesters that zones do not divide',
      { zones: ['a', 'b', 'c'], replicas: { ingester: 4 } },
      {},
      /zones': do not divide the 4 ingesters/,
    ],
    [
      'a zone too long for a label of its pods',
      { zones: ['a', 'b', 'c'.repeat(39)] },
      {},
      /option 'loki\.zones\.2': "ccccccccccccccccccccccccccccccccccccccc" is not a valid zone name: use up to 38 of a-z, 0-9 and -/,
    ],
    [
      'a zone that is no part of a name',
      { zones: ['a', 'b', 'C 1'] },
      {},
      /option 'loki\.zones\.2': "C 1" is not a valid zone name: use up to 38 of a-z, 0-9 and -/,
    ],
    ['a tiny cache', { caches: { chunks: { memory: '1Mi' } } }, {}, /caches.chunks.memory': "1Mi" is too small/],
    [
      'a cache of an unknown size',
      { caches: { results: { memory: '1GB' } } },
      {},
      /option 'loki\.caches\.results\.memory': "1GB" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m/,
    ],
  ])('is refused with %s', (_, instead, bucket, message) => {
    const messages = distributed(instead, bucket);

    expect(messages).toEqual([expect.stringMatching(message)]);
    expect(messages.join()).not.toContain('geheim');
  });

  test.each([
    [
      'a bucket for a single one',
      { objectStorage: BUCKET },
      /option 'loki\.objectStorage': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'zones of a single one',
      { zones: ['a', 'b', 'c'] },
      /option 'loki\.zones': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'copies of a single one',
      { replicationFactor: 3 },
      /option 'loki\.replicationFactor': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
  ])('%s is refused', (_, loki, message) => {
    expect(found({ loki })).toEqual([expect.stringMatching(message)]);
    expect(found({ ...PRODUCTION, loki })).toEqual([expect.stringMatching(message)]);
  });
});

test('an address may have a path where a proxy of another host takes it off', () => {
  const paths = { grafanaUrl: 'https://tools.example.com/a', alertmanagerUrl: 'https://tools.example.com/b' };

  expect(found(paths)).toEqual([]);
  expect(found({ ...PRODUCTION, ...paths })).toEqual([]);
});

test('the demo may be had in every profile; Grafana then still asks who is there', () => {
  expect(found({ profile: 'single', demo: {}, grafana: { adminSecret: 'a' } })).toEqual([]);
  expect(found({ profile: 'single', demo: {} })).toEqual([expect.stringMatching(/^option 'grafana'/)]);
});

test("two namespaces may change places, and the demo's name is free without it", () => {
  expect(found({ namespaces: { logging: 'log-collector', logCollector: 'logging' } })).toEqual([]);
  expect(found({ ...PRODUCTION, namespaces: { logging: 'demo' } })).toEqual([]);
  expect(found({ namespaces: { logging: undefined, demo: undefined } })).toEqual([]);
  expect(found({ profile: 'single', demo: {}, grafana: { adminSecret: 'a' }, namespaces: { demo: 'a' } })).toEqual([]);
});

test('no message repeats the webhook of a real Slack', () => {
  const messages = found({ slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/geheim' } });

  expect(messages.join()).not.toContain('geheim');
});

test('everything is found at once', () => {
  const wrong = { demo: { rate: 0, replicas: 0 }, loki: { retention: 'x', storage: 'y' }, grafanaUrl: 'z', typo: 1 };

  expect(
    found(wrong)
      .map((text) => text.split(':')[0])
      .sort(),
  ).toEqual([
    "option 'demo.rate'",
    "option 'demo.replicas'",
    "option 'grafanaUrl'",
    "option 'loki.retention'",
    "option 'loki.storage'",
    "option 'typo'",
  ]);
});

test('nothing that can be written makes it throw', () => {
  fc.assert(fc.property(fc.anything(), (value) => void checkLogAlertingOptions(value)));
  const keys = [
    ...Object.keys(PROPS),
    'profile',
    'tenants',
    'profile',
    'slack',
    'routing',
    'loki',
    'grafana',
    'demo',
    'namespaces',
    'severities',
    'pods',
    'kubernetesApiPorts',
  ];
  const anyOptions = fc.record(Object.fromEntries(keys.map((key) => [key, fc.anything()])), { requiredKeys: [] });
  fc.assert(fc.property(anyOptions, (value) => void checkLogAlertingOptions({ ...PROPS, ...value })));
});

test('an invalid alertmanagerUrl does not hide a missing Secret', () => {
  const config = {
    route: { receiver: 'a' },
    receivers: [{ name: 'a', slack_configs: [{ api_url_file: secretFile({ name: 'bridge', key: 'url' }) }] }],
  };
  const found = checkLogAlerting({ ...PROPS, slack: undefined, alertmanagerUrl: 'nowhere', routing: { config } });

  expect(found.map(({ path }) => path)).toEqual([['alertmanagerUrl'], ['alertmanager', 'secrets']]);
});
