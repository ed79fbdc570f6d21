import { secretFile } from '../../lib/alertmanager/mounted-secrets';
import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
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
    'a time without a zone',
    { collector: 'opentelemetry', collectFrom: '2026-12-01 10:00' },
    /^option 'collectFrom': "2026-12-01 10:00" is not a valid time: use RFC 3339, e\.g\. 2026-12-01T10:00:00Z$/,
  ],
  [
    'collectFrom with Promtail',
    { collectFrom: '2026-12-01T10:00:00Z' },
    /^option 'collectFrom': is only supported by the collector 'opentelemetry': set collector: 'opentelemetry', or remove the option$/,
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
    'a malformed quantity',
    { loki: { storage: '5GB' } },
    /^option 'loki\.storage': "5GB" is not a valid Kubernetes quantity: use 5Gi$/,
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
    'a namespace of the demo without the demo',
    { ...PRODUCTION, namespaces: { demo: 'playground' } },
    /^option 'namespaces': sets the namespace of the demo, which is not enabled: remove it, or set the option demo$/,
  ],
  [
    'an unknown option',
    { demos: false },
    /^option 'demos': is not an option: use one of profile, loki, grafana, rules, tenants, rateAlert, runbook, slack, routing, heartbeat, collector, collectFrom, collectorHost, collectorPipeline, cluster, journald, kubernetesEvents, alertmanager, grafanaUrl, alertmanagerUrl, imageRegistry, images, imagePullSecrets, priorityClassName, pods, storageClassName, demo, networkPolicies, kubernetesApiPorts, monitoring, namespaces, severities, strict; did you mean 'demo'\?$/,
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
    /^option 'profile': expected \("demo" \| "single" \| "distributed" \| "external"\), got "simple-scalable"$/,
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

test('checks the ports of the Kubernetes API', () => {
  const ports = (kubernetesApiPorts: unknown, instead: object = {}) => found({ kubernetesApiPorts, ...instead });

  expect(ports([6443])).toEqual([]);
  expect(ports([])).toEqual([expect.stringMatching(/^option 'kubernetesApiPorts': is empty/)]);
  expect(ports([443, 70_000])).toEqual([expect.stringMatching(/kubernetesApiPorts.1': 70000 is not a valid TCP port/)]);
  expect(ports([443, 443])).toEqual([
    expect.stringMatching(/kubernetesApiPorts': has a duplicate port: remove one of the two/),
  ]);
  expect(ports([443], { networkPolicies: false })).toEqual([
    expect.stringMatching(/kubernetesApiPorts': has no effect together with networkPolicies: false/),
  ]);
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
