import type { LogAlertingProps } from '../../lib';
import { secretFile } from '../../lib/alertmanager/mounted-secrets';
import { formatFinding, formatMessage } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { images } from '../../lib/versions/images';
import { PRODUCTION, PROPS } from '../manifests/synth';
import fc from '../support/properties';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

test('accepts the demo and production', () => {
  expect(found({})).toEqual([]);
  expect(found(PRODUCTION)).toEqual([]);
});

test.each<[string, object, RegExp]>([
  [
    'an unknown collector',
    { collector: 'otel' },
    /^option 'collector': expected \("promtail" \| "opentelemetry"\), got "otel"$/,
  ],
  [
    'an Ingress for Grafana without a password',
    { grafana: { ingress: { host: 'grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' } } },
    /^option 'grafana': allows anonymous access from outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'an Ingress for Alertmanager without a password',
    { alertmanager: { ingress: { host: 'alerts.example.com', namespace: 'traefik', tlsSecret: 'alerts-tls' } } },
    /^option 'alertmanager': allows anyone outside the cluster to silence alerts: set alertmanager: \{ basicAuthSecret \} too$/,
  ],
  [
    'the same host for Grafana and Alertmanager',
    {
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanager': has the same host as Grafana: use a different host, e\.g\. alertmanager\.example\.com$/,
  ],
  [
    'a Gateway for Grafana without a password',
    {
      grafana: {
        gateway: {
          host: 'a.example.com',
          namespace: 'traefik',
          parentRef: { name: 'a', namespace: 'traefik', sectionName: 'https' },
        },
      },
    },
    /^option 'grafana': allows anonymous access from outside the cluster: set grafana: \{ adminSecret \} too$/,
  ],
  [
    'a Gateway without a listener',
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
    'a path of Grafana that its Ingress does not remove',
    {
      grafanaUrl: 'https://a.example.com/grafana',
      grafana: { adminSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'grafanaUrl': .*has a path, but ingress and gateway do not remove paths: remove the path, or use a proxy/,
  ],
  [
    'a path of Alertmanager that its Ingress does not remove',
    {
      alertmanagerUrl: 'https://a.example.com/alerts',
      alertmanager: { basicAuthSecret: 'a', ingress: { host: 'a.example.com', namespace: 'traefik', tlsSecret: 'a' } },
    },
    /^option 'alertmanagerUrl': .*has a path/,
  ],
  [
    'an image without a version',
    { images: { loki: 'a.example.com/loki' } },
    /^option 'images.loki': .* has no version/,
  ],
  ['the tag latest', { images: { loki: 'grafana/loki:latest' } }, /^option 'images.loki': .* has no version/],
  [
    'an invalid digest',
    { images: { loki: `${images.loki}@sha256:abc` } },
    /^option 'images.loki': .* has no valid digest after the @: use sha256: and 64 hexadecimal digits/,
  ],
  [
    'a digest that is too long',
    { images: { loki: `grafana/loki@sha256:${'a'.repeat(65)}` } },
    /^option 'images.loki': .* has no valid digest after the @/,
  ],
  [
    'an image in capitals',
    { images: { loki: 'Grafana/loki:3' } },
    /^option 'images\.loki': "Grafana\/loki:3" is not a valid image: use a name and a tag, e\.g\. grafana\/loki:[\d.]+$/,
  ],
  [
    'a credential instead of the name of its Secret',
    { grafana: { adminSecret: 'wJalrXUtnFEMI/K7MDENG' } },
    /^option 'grafana\.adminSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a credential in a list of names of Secrets',
    { alertmanager: { secrets: ['K7MDENG='] } },
    /^option 'alertmanager\.secrets\.0': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a credential instead of a list',
    { imagePullSecrets: 'K7MDENG=' },
    /^option 'imagePullSecrets': expected Array, got the text$/,
  ],
  [
    'an unknown image',
    { images: { lokki: 'a:1' } },
    /^option 'images\.lokki': is not an option: use one of loki, promtail, openTelemetryCollector, alertmanager, grafana, nginx, curl, memcached; did you mean 'loki'\?$/,
  ],
  [
    'a registry with a scheme',
    { imageRegistry: 'https://registry.example.com' },
    /^option 'imageRegistry': "https:\/\/registry\.example\.com" is not a valid registry: use a host and an optional path, e\.g\. registry\.example\.com\/mirror$/,
  ],
  [
    'a time without a zone',
    { collector: 'opentelemetry', collectFrom: '2026-12-01 10:00' },
    /^option 'collectFrom': "2026-12-01 10:00" is not a valid time: use RFC 3339, e\.g\. 2026-12-01T10:00:00Z$/,
  ],
  [
    'collectFrom with Promtail',
    { collectFrom: '2026-12-01T10:00:00Z' },
    /^option 'collectFrom': is only supported by the collector 'opentelemetry': use that, or remove the option$/,
  ],
  [
    'a webhook that is not a URL',
    { slack: { webhookUrl: 'slack-inbox' } },
    /^option 'slack\.webhookUrl': "slack-inbox" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a webhook of a real Slack',
    { slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' } },
    /^option 'slack\.webhookUrl': is a credential, and dist is committed: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a webhook of GovSlack',
    { slack: { webhookUrl: 'https://hooks.slack-gov.com/services/T0/B0/x' } },
    /^option 'slack.webhookUrl': is a credential/,
  ],
  [
    'no webhook',
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
    /^option 'slack.channel': "" is empty: use a channel, e\.g\. #alerts$/,
  ],
  [
    'an invalid name of the Slack Secret',
    { slack: { webhookSecret: 'Slack_Webhook' } },
    /^option 'slack\.webhookSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a heartbeat whose URL is a credential',
    { heartbeat: { webhookUrl: 'https://hc-ping.com/00000000-0000-0000-0000-000000000000' } },
    /^option 'heartbeat\.webhookUrl': is a webhook of hc-ping\.com, and its URL is enough to post there, and dist is committed: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a heartbeat without an address',
    { heartbeat: {} },
    /^option 'heartbeat': requires exactly one of webhookSecret and webhookUrl: set webhookSecret; webhookUrl is for a service that needs no credential$/,
  ],
  [
    'a malformed interval of the heartbeat',
    { heartbeat: { webhookSecret: 'heartbeat', interval: 'often' } },
    /^option 'heartbeat\.interval': "often" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'an invalid name of a Secret',
    { alertmanager: { secrets: ['Bridge'] } },
    /^option 'alertmanager\.secrets\.0': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  ['a rate of 0', { demo: { rate: 0 } }, /^option 'demo\.rate': 0 is not a whole number above 0: use e\.g\. 1$/],
  [
    'a negative number of replicas',
    { demo: { replicas: -1 } },
    /^option 'demo\.replicas': -1 is not a whole number above 0: use e\.g\. 1$/,
  ],
  [
    'a malformed retention',
    { loki: { retention: '7 days' } },
    /^option 'loki\.retention': "7 days" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed evaluation interval',
    { loki: { evaluationInterval: '1.5m' } },
    /^option 'loki\.evaluationInterval': "1\.5m" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed group wait',
    { routing: { groupWait: 'soon' } },
    /^option 'routing\.groupWait': "soon" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed quantity',
    { loki: { storage: '5GB' } },
    /^option 'loki\.storage': "5GB" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m$/,
  ],
  [
    'an invalid name of a namespace',
    { namespaces: { logging: 'Logging_1' } },
    /^option 'namespaces\.logging': "Logging_1" is not a valid name of a namespace: use up to 63 of a-z, 0-9 and -, starting and ending with a letter or digit$/,
  ],
  [
    'the same namespace for two parts',
    { namespaces: { logging: 'a', demo: 'a' } },
    /^option 'namespaces': has the same name for two parts, which need different Pod Security levels: use different names$/,
  ],
  [
    'the default namespace of another part',
    { namespaces: { demo: 'logging' } },
    /^option 'namespaces': has the same name for two parts, which need different Pod Security levels: use different names$/,
  ],
  [
    'a Grafana address that is not a URL',
    { grafanaUrl: 'grafana.example.com' },
    /^option 'grafanaUrl': "grafana\.example\.com" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a Prometheus address that is not a URL',
    { monitoring: { namespace: 'monitoring', prometheusUrl: 'prometheus:9090' } },
    /^option 'monitoring\.prometheusUrl': "prometheus:9090" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a routing option together with config',
    { routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] }, groupWait: '1m' } },
    /^option 'routing\.groupWait': has no effect together with config, which replaces the stack's routes: move it into config, or remove config$/,
  ],
  [
    'routes of the wrong type',
    { routing: { config: { route: { receiver: 'a', routes: 0 }, receivers: [{ name: 'a' }] } } },
    /^option 'routing\.config\.route\.routes': expected Array, got 0$/,
  ],
  [
    'slack together with routing.config',
    {
      slack: { webhookSecret: 'slack-webhook' },
      routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } },
    },
    /^option 'slack': has no effect together with routing\.config, which has its own receivers: remove it, and add slackReceiver to config and its Secret to alertmanager\.secrets$/,
  ],
  [
    'a namespace of the demo without the demo',
    { ...PRODUCTION, namespaces: { demo: 'playground' } },
    /^option 'namespaces': sets the namespace of the demo, which is not enabled: remove it, or set the option demo$/,
  ],
  [
    'a template file with another extension',
    { routing: { templates: { 'a.txt': '' } } },
    /option 'routing\.templates\.a\.txt': "a\.txt" is not a valid name of a template file: use e\.g\. shop\.tmpl/,
  ],
  [
    'an unknown option',
    { demos: false },
    /^option 'demos': is not an option: use one of profile, loki, grafana, rules, tenants, rateAlert, runbook, slack, routing, heartbeat, collector, collectFrom, collectorHost, alertmanager, grafanaUrl, alertmanagerUrl, imageRegistry, images, imagePullSecrets, priorityClassName, pods, storageClassName, demo, networkPolicies, kubernetesApiPorts, monitoring, namespaces, severities, strict; did you mean 'demo'\?$/,
  ],
  [
    'an unknown nested option',
    { demo: { ratte: 5 } },
    /^option 'demo\.ratte': is not an option: use one of rate, replicas; did you mean 'rate'\?$/,
  ],
  [
    'an unknown field of a rule',
    { rules: [{ name: 'a', groups: [{ name: 'a', rules: [{ alret: 'A', expr: '1' }] }] }] },
    /^option 'rules\.0\.groups\.0\.rules\.0\.alret': is not an option: use one of alert, record, expr, for, labels, annotations, waive; did you mean 'alert'\?$/,
  ],
  ['missing rules', { rules: undefined }, /^option 'rules': .*(missing|undefined)/],
  ['a wrong type', { networkPolicies: 'no' }, /^option 'networkPolicies': expected boolean, got "no"$/],
  [
    'a profile that Loki has deprecated',
    { profile: 'simple-scalable' },
    /^option 'profile': expected \("demo" \| "single" \| "distributed"\), got "simple-scalable"$/,
  ],
  [
    'a stack without Slack',
    { profile: 'single', grafana: { adminSecret: 'a' } },
    /^option 'slack': is missing: without the demo, there is no slack-inbox to receive notifications: set slack: \{ webhookSecret \}$/,
  ],
  [
    'a stack without a password for Grafana',
    { profile: 'single', slack: { webhookSecret: 'a' } },
    /^option 'grafana': lacks adminSecret: only the demo's Grafana allows anonymous access: set grafana: \{ adminSecret \}$/,
  ],
])('rejects %s', (_, instead, message) => {
  expect(found(instead)).toEqual([expect.stringMatching(message)]);
});

test('lists the options of the place of an unknown option', () => {
  expect(found({ demos: {}, loki: { limits: { max_lines: 1 } } })).toEqual([
    expect.stringMatching(/^option 'loki.limits.max_lines': is not an option: use one of ingestion_rate_mb, /),
    expect.stringMatching(/^option 'demos': is not an option: use one of profile, /),
  ]);
});

test("limits have Loki's names, except for the retention", () => {
  expect(found({ loki: { limits: { max_lines: 1 } } })).toEqual([
    expect.stringMatching(
      /^option 'loki\.limits\.max_lines': is not an option: use one of ingestion_rate_mb, ingestion_burst_size_mb, per_stream_rate_limit, per_stream_rate_limit_burst, max_line_size, max_query_length, max_query_series, tsdb_max_query_parallelism, max_entries_limit_per_query, query_timeout, ruler_max_rules_per_rule_group, ruler_max_rule_groups_per_tenant; did you mean 'max_line_size'\?$/,
    ),
  ]);
  expect(found({ loki: { limits: { ingestion_rate_mb: 100, ingestion_burst_size_mb: 4 } } })).toEqual([]);
  expect(found({ loki: { limits: { max_global_streams_per_user: 20_000 } } })).toEqual([
    expect.stringMatching(
      /^option 'loki.limits.max_global_streams_per_user': is not supported, because one stream too many stops all logs of its node for an hour: limit the pods/,
    ),
  ]);
  expect(found({ loki: { limits: { ingestion_burst_size_mb: 1, per_stream_rate_limit_burst: '512KB' } } })).toEqual([
    expect.stringMatching(
      /^option 'loki.limits.ingestion_burst_size_mb': 1 is less than the megabytes that a collector may send at once, .*: use 4 or more$/,
    ),
    expect.stringMatching(
      /^option 'loki.limits.per_stream_rate_limit_burst': "512KB" is less than a collector may send/,
    ),
  ]);
  expect(found({ loki: { limits: { retention_period: '30d', query_timeout: '1h' } } })).toEqual([
    expect.stringMatching(/^option 'loki.limits.retention_period': is the option 'loki.retention': write it there/),
    expect.stringMatching(/^option 'loki.limits.query_timeout': "1h" is longer than any answer may take, which is 10m/),
  ]);
});

describe('tenants', () => {
  const { rules } = PROPS;
  const tenant = { namespaces: ['shop'], rules };

  test('are valid with namespaces, rules and limits', () => {
    const limits = { retention_period: '30d', ingestion_rate_mb: 0.5, per_stream_rate_limit: '3MB' };
    expect(
      found({ tenants: { shop: { ...tenant, limits }, 'team-1': { ...tenant, namespaces: ['a', 'b'] } } }),
    ).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    [
      'no rules',
      { shop: { ...tenant, rules: [] } },
      /^option 'tenants.shop.rules': is empty, so the tenant receives no alerts/,
    ],
    ['missing rules', { shop: { namespaces: ['shop'] } }, /^option 'tenants.shop.rules'/],
    ['no namespace', { shop: { ...tenant, namespaces: [] } }, /'tenants.shop.namespaces': is empty, so the tenant/],
    [
      'a namespace of another tenant',
      { shop: tenant, bank: tenant },
      /^option 'tenants': namespace 'shop' is in both 'shop' and 'bank', .*: remove one of the two$/,
    ],
    [
      'a namespace twice',
      { shop: { ...tenant, namespaces: ['a', 'a'] } },
      /duplicate namespace 'a' in 'shop': remove one of the two/,
    ],
    [
      "one of the stack's namespaces",
      { shop: { ...tenant, namespaces: ['logging'] } },
      /^option 'tenants': contains a namespace of the stack, .*: remove it/,
    ],
    [
      'an invalid name',
      { Shop_1: tenant },
      /option 'tenants\.Shop_1': "Shop_1" is not a valid name for a tenant: use up to 40 of a-z, 0-9 and -/,
    ],
    ['the reserved name', { fake: tenant }, /"fake" is reserved for the stack's own tenant, .*: use another name/],
    [
      'an unknown limit',
      { shop: { ...tenant, limits: { max_lines: 1 } } },
      /option 'tenants\.shop\.limits\.max_lines': is not an option: use one of retention_period, ingestion_rate_mb, ingestion_burst_size_mb, per_stream_rate_limit, per_stream_rate_limit_burst, max_line_size, max_query_length, max_query_series, tsdb_max_query_parallelism, max_entries_limit_per_query, query_timeout, ruler_max_rules_per_rule_group, ruler_max_rule_groups_per_tenant; did you mean 'max_line_size'\?/,
    ],
    [
      'a query timeout above that of the server',
      { shop: { ...tenant, limits: { query_timeout: '11m' } } },
      /is longer than any answer may take, which is 10m/,
    ],
    [
      'an invalid size',
      { shop: { ...tenant, limits: { max_line_size: '1Mi' } } },
      /option 'tenants\.shop\.limits\.max_line_size': "1Mi" is not a valid size: write a number and KB, MB or GB, as in 3MB/,
    ],
  ])('are rejected with %s', (_, tenants, message) => {
    expect(found({ tenants })).toEqual([expect.stringMatching(message)]);
  });

  test('are checked even if their options or those of another tenant are invalid', () => {
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

  test('is valid with a bucket', () => {
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

  test('is rejected without options', () => {
    expect(found({ ...PRODUCTION, profile: 'distributed', loki: undefined })).toEqual([
      expect.stringMatching(/^option 'loki.objectStorage': is missing/),
    ]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'no object storage',
      { objectStorage: undefined },
      {},
      /^option 'loki.objectStorage': is missing, and no file system can be shared .*: give \{ endpoint/,
    ],
    [
      'a file system instead of object storage',
      { objectStorage: 'filesystem' },
      {},
      /option 'loki\.objectStorage': expected options, got "filesystem"/,
    ],
    [
      'a folder instead of an endpoint',
      {},
      { endpoint: 'file:///data' },
      /option 'loki\.objectStorage\.endpoint': "file:\/\/\/data" is not a valid URL: use http:\/\/ or https:\/\/ and a host/,
    ],
    ['no bucket', {}, { bucket: undefined }, /^option 'loki.objectStorage.bucket'/],
    ['a bucket in the path', {}, { endpoint: 'https://s3.example.com/logs' }, /endpoint': has a path: .* as bucket$/],
    ['a bucket in the host', {}, { endpoint: 'https://logs.s3.example.com' }, /endpoint': begins with .* alone$/],
    [
      'an invalid name of the bucket',
      {},
      { bucket: 'My_Logs' },
      /option 'loki\.objectStorage\.bucket': "My_Logs" is not a valid name of a bucket: use 3 to 63 of a-z, 0-9, - and \./,
    ],
    [
      'a key',
      {},
      { secretAccessKey: 'hunter2' },
      /option 'loki\.objectStorage\.secretAccessKey': is a credential, which would be committed in dist: put it into a Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and write credentialsSecret/,
    ],
    [
      'a key in the URL',
      {},
      { endpoint: 'https://a:hunter2@s3.example.com' },
      /option 'loki\.objectStorage\.endpoint': contains a user name or password, and dist is committed: remove them/,
    ],
    [
      'no credentials',
      {},
      { credentialsSecret: undefined },
      /'loki.objectStorage': needs exactly one of credentialsSecret/,
    ],
    [
      'too few ingesters',
      { replicas: { ingester: 2 } },
      {},
      /'loki.replicationFactor': is 3 by default, above the 2 ingesters/,
    ],
    [
      'a replication factor above the number of ingesters',
      { replicationFactor: 5 },
      {},
      /lower it, or raise replicas.ingester$/,
    ],
    ['two compactors', { replicas: { compactor: 2 } }, {}, /replicas.compactor': can only be one/],
    [
      'an unknown option',
      { replicas: { ingestor: 3 } },
      {},
      /option 'loki\.replicas\.ingestor': is not an option: use one of distributor, ingester, query-frontend, query-scheduler, querier, index-gateway, ruler; did you mean 'ingester'\?/,
    ],
    ['an even replication factor', { replicationFactor: 2 }, {}, /replicationFactor': 2 is even, .*: write 1, 3 or 5$/],
    [
      'autoscaling and a fixed number of replicas',
      { replicas: { querier: 2 }, autoscaling: { querier: { minReplicas: 2, maxReplicas: 9 } } },
      {},
      /autoscaling.querier': has a number in replicas too, .* leave one of the two out$/,
    ],
    [
      'autoscaling of ingesters',
      { autoscaling: { ingester: { minReplicas: 3, maxReplicas: 9 } } },
      {},
      /autoscaling.ingester': keeps something that is lost, .*: write replicas instead$/,
    ],
    [
      'autoscaling between equal numbers',
      { autoscaling: { querier: { minReplicas: 2, maxReplicas: 2 } } },
      {},
      /autoscaling.querier.maxReplicas': leaves nothing to choose/,
    ],
    [
      'the resources of its targets',
      { resources: { ingester: { memory: '4Gi' } } },
      {},
      /loki.resources': is a part of the option 'pods': write pods: \{ 'loki-ingester'/,
    ],
    [
      'fewer zones than replicas of a line',
      { zones: ['a', 'b'], replicas: { ingester: 4 } },
      {},
      /zones': are fewer than the copies of a line, .*; replicationFactor is 3 by default: name more zones/,
    ],
    ['a zone twice', { zones: ['a', 'b', 'a'] }, {}, /zones': names a zone twice$/],
    ['no zones', { zones: [] }, {}, /zones': are fewer than/],
    [
      'a number of ingesters that is not a multiple of the zones',
      { zones: ['a', 'b', 'c'], replicas: { ingester: 4 } },
      {},
      /zones': do not divide the 4 ingesters/,
    ],
    [
      'a zone that is too long for a label of its pods',
      { zones: ['a', 'b', 'c'.repeat(39)] },
      {},
      /option 'loki\.zones\.2': "ccccccccccccccccccccccccccccccccccccccc" is not a valid name of a zone: use up to 38 of a-z, 0-9 and -/,
    ],
    [
      'an invalid name of a zone',
      { zones: ['a', 'b', 'C 1'] },
      {},
      /option 'loki\.zones\.2': "C 1" is not a valid name of a zone: use up to 38 of a-z, 0-9 and -/,
    ],
    [
      'a cache that is too small',
      { caches: { chunks: { memory: '1Mi' } } },
      {},
      /caches.chunks.memory': "1Mi" is too little/,
    ],
    [
      'a cache with an invalid size',
      { caches: { results: { memory: '1GB' } } },
      {},
      /option 'loki\.caches\.results\.memory': "1GB" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m/,
    ],
  ])('is rejected with %s', (_, instead, bucket, message) => {
    const messages = distributed(instead, bucket);

    expect(messages).toEqual([expect.stringMatching(message)]);
    expect(messages.join()).not.toContain('hunter2');
  });

  test.each([
    [
      'objectStorage',
      { objectStorage: BUCKET },
      /option 'loki\.objectStorage': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'zones',
      { zones: ['a', 'b', 'c'] },
      /option 'loki\.zones': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'replicationFactor',
      { replicationFactor: 3 },
      /option 'loki\.replicationFactor': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
  ])('a single Loki is rejected with %s', (_, loki, message) => {
    expect(found({ loki })).toEqual([expect.stringMatching(message)]);
    expect(found({ ...PRODUCTION, loki })).toEqual([expect.stringMatching(message)]);
  });
});

test('accepts paths in URLs of a host without an Ingress or Gateway', () => {
  const paths = { grafanaUrl: 'https://tools.example.com/a', alertmanagerUrl: 'https://tools.example.com/b' };

  expect(found(paths)).toEqual([]);
  expect(found({ ...PRODUCTION, ...paths })).toEqual([]);
});

test('accepts the demo in every profile, and still requires a password for Grafana', () => {
  expect(found({ profile: 'single', demo: {}, grafana: { adminSecret: 'a' } })).toEqual([]);
  expect(found({ profile: 'single', demo: {} })).toEqual([expect.stringMatching(/^option 'grafana'/)]);
});

test("accepts swapped namespaces, and the demo's default name without the demo", () => {
  expect(found({ namespaces: { logging: 'log-collector', logCollector: 'logging' } })).toEqual([]);
  expect(found({ ...PRODUCTION, namespaces: { logging: 'demo' } })).toEqual([]);
  expect(found({ namespaces: { logging: undefined, demo: undefined } })).toEqual([]);
  expect(found({ profile: 'single', demo: {}, grafana: { adminSecret: 'a' }, namespaces: { demo: 'a' } })).toEqual([]);
});

test('no message contains the webhook of a real Slack', () => {
  const messages = found({ slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/hunter2' } });

  expect(messages.join()).not.toContain('hunter2');
});

test('reports all findings at once', () => {
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

test('never throws', () => {
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
