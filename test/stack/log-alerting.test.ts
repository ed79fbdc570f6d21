import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { LogAlerting, type LogAlertingProps, slackReceiver, webhookReceiver } from '../../lib';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { watchdog } from '../../rules';
import { find, workloads } from '../manifests/kubernetes';
import { objects, PRODUCTION, PROPS, readFolder, type SomeProps, synth, synthObjects } from '../manifests/synth';
import fc from '../support/properties';

const shop = (alert: string) => ({ name: 'shop', rules: [{ alert, expr: 'sum(rate({app="shop"}[1m])) > 0' }] });

/** Returns the errors of a synthesis, one line per finding; fails if it writes anything. */
function synthErrors(instead: object): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  const outdir = join(folder, 'dist');
  try {
    const app = new App({ outdir });
    new LogAlerting(app, 'log-alerting', { ...PROPS, ...instead } as LogAlertingProps);
    expect(() => app.synth()).toThrow('Validation failed');
    expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);
    expect(app.charts).toEqual([]);
    return app.node.findAll().flatMap((construct) => construct.node.validate());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('manifests', () => {
  test('minimal props: the stack and the demo, one file per namespace', () => {
    expect(Object.keys(synth())).toEqual(['demo.k8s.yaml', 'log-collector.k8s.yaml', 'logging.k8s.yaml']);
  });

  test.each([
    ['demo', {}, '15s'],
    ['single', { ...PRODUCTION, loki: {} }, '1m'],
    ['with another interval', { loki: { evaluationInterval: '30s' } }, '30s'],
  ] as const)('evaluation interval: %s', (_, props, interval) => {
    const { data } = find(synthObjects(props), 'ConfigMap', 'loki-config');
    expect(data?.['config.yaml']).toContain(`evaluation_interval: ${interval}\n`);
  });

  test('all props of production: the stack without the demo, in the given namespaces', () => {
    const files = synth(PRODUCTION);
    const alertmanager = find(objects(files), 'ConfigMap', 'alertmanager-config').data?.['alertmanager.yml'];

    expect(Object.keys(files)).toEqual(['log-agents.k8s.yaml', 'observability.k8s.yaml']);
    expect(alertmanager).toContain('api_url_file: /etc/alertmanager/secrets/slack-webhook/url');
    expect(alertmanager).toContain('#alerts');
  });

  test('with another Slack, the demo has no slack-inbox, and Alertmanager may connect to its port', () => {
    const egress = (slack: LogAlertingProps['slack']) => {
      const all = synthObjects({ slack });
      expect(JSON.stringify(all)).not.toContain('slack-inbox');
      const { spec } = all.find(
        ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'alertmanager',
      ) as {
        spec: { egress: { ports: { port: number }[] }[] };
      } & object;
      // After the two rules for DNS.
      return spec.egress.slice(2).flatMap(({ ports }) => ports.map(({ port }) => port));
    };

    expect(egress({ webhookSecret: 'slack-webhook' })).toEqual([443]);
    expect(egress({ webhookUrl: 'http://mattermost.chat.svc:8065/hooks/x' })).toEqual([8065]);
    expect(egress({ webhookUrl: 'http://mattermost.chat.svc/hooks/x' })).toEqual([80]);
  });

  test('the demo sets the rate and the number of clients', () => {
    const client = find(synthObjects({ demo: { rate: 7, replicas: 2 } }), 'Deployment', 'http-client');

    expect(client).toMatchObject({ spec: { replicas: 2 } });
    expect(JSON.stringify(client)).toContain('"7/s"');
  });

  test('links have external URLs', () => {
    const all = synthObjects({ grafanaUrl: 'https://g.example.com', alertmanagerUrl: 'https://a.example.com' });
    const alertmanager = workloads(all).find(({ metadata }) => metadata.name === 'alertmanager');

    expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toContain(
      'external_url: https://g.example.com',
    );
    expect(find(all, 'ConfigMap', 'grafana-config').data?.['grafana.ini']).toContain(
      'root_url = https://g.example.com',
    );
    expect(JSON.stringify(alertmanager)).toContain('--web.external-url=https://a.example.com');
  });
});
describe('receivers', () => {
  const heartbeat = { webhookSecret: 'heartbeat' };
  const rules = [...PROPS.rules, watchdog({ grafanaUrl: 'http://localhost:3000' })];

  test('and a heartbeat have mounted Secrets and network policies', () => {
    const all = synthObjects({
      rules,
      heartbeat,
      alertmanager: { secrets: ['bridge-token'] },
      routing: {
        routes: [{ matchers: ['severity="critical"'], receiver: 'bridge' }],
        receivers: [
          webhookReceiver({
            name: 'bridge',
            webhookUrl: 'http://bridge.chat.svc:8080/alerts',
            tokenSecret: 'bridge-token',
          }),
        ],
      },
    });
    const alertmanager = workloads(all).find(({ metadata }) => metadata.name === 'alertmanager');
    const policy = all.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'alertmanager');

    expect(alertmanager?.spec.template.spec.volumes?.flatMap(({ secret }) => secret?.secretName ?? [])).toEqual([
      'heartbeat',
      'bridge-token',
    ]);
    expect(policy).toMatchObject({
      spec: {
        egress: [
          {},
          {},
          { to: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'slack-inbox' } } }] },
          { ports: [{ port: 443 }] },
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'chat' } } }],
            ports: [{ port: 8080 }],
          },
        ],
      },
    });
  });

  test("a route for the Watchdog is unreachable after the heartbeat's", () => {
    const config = {
      route: { receiver: 'a', routes: [{ receiver: 'a', matchers: ['alertname="Watchdog"'] }] },
      receivers: [webhookReceiver({ name: 'a', webhookUrl: 'http://a.b.svc' })],
    };

    expect(synthErrors({ rules, heartbeat, routing: { config }, strict: true })).toEqual([
      expect.stringMatching(
        /^warning: route\.routes\[0\]: receives no alert: the route of the heartbeat comes first and matches all of its alerts \(alertname="Watchdog"\): move this route before it, or add "continue: true" there \[route-unreachable\]$/,
      ),
    ]);
  });

  const INBOX = 'http://slack-inbox.demo.svc:8080';
  const slackAt = (webhookUrl: string) => slackReceiver({ name: 'a', webhookUrl });
  const toSlackAt = (url: string) => ({ config: { route: { receiver: 'a' }, receivers: [slackAt(url)] } });

  test.each<[string, SomeProps, boolean]>([
    ['no route of routing.config calls it', { routing: toSlackAt('http://a.b.svc') }, false],
    ['a route of routing.config calls it', { routing: toSlackAt(INBOX) }, true],
    ['slack calls it', { slack: { webhookUrl: INBOX, channel: '#x' } }, true],
    [
      'an additional receiver calls it',
      {
        slack: { webhookSecret: 'slack-webhook' },
        routing: { routes: [{ matchers: ['team="a"'], receiver: 'a' }], receivers: [slackAt(INBOX)] },
      },
      true,
    ],
    ['the heartbeat calls it', { slack: { webhookSecret: 'a' }, rules, heartbeat: { webhookUrl: INBOX } }, true],
    ['slack calls one in another namespace', { slack: { webhookUrl: 'http://slack-inbox.chat.svc' } }, false],
  ])('the slack-inbox is deployed only if messages are sent to it: %s', (_, props, expected) => {
    const all = workloads(synthObjects(props));

    expect(all.some(({ metadata }) => metadata.name === 'slack-inbox')).toBe(expected);
  });

  test.each([
    ['is sent to a null receiver', { receiver: 'null', matchers: ['severity="info"'] }],
    ['a route matches by name', { receiver: 'a', matchers: ['alertname=~"Watchdog|InfoInhibitor"'] }],
  ])('a watchdog that %s needs no heartbeat', (_, route) => {
    const config = { route: { receiver: 'a', routes: [route] }, receivers: [slackAt(INBOX), { name: 'null' }] };

    expect(checkLogAlerting({ ...PROPS, rules, routing: { config } })).not.toContainEqual(
      expect.objectContaining({ subject: "option 'heartbeat'" }),
    );
  });

  test.each<[string, object, RegExp]>([
    [
      'a heartbeat without a watchdog',
      { heartbeat },
      /^error: option 'heartbeat': is never called, .*add watchdog\(links\)/,
    ],
    [
      'a heartbeat of a tenant, whose rules do not see the canary',
      { heartbeat, tenants: { shop: { namespaces: ['shop'], rules } } },
      /^error: option 'heartbeat': is never called, because none of the stack's own rules/,
    ],
    [
      'a watchdog of a tenant that notifies',
      { tenants: { shop: { namespaces: ['shop'], rules } } },
      /^error: option 'heartbeat': is missing, /,
    ],
    [
      'an undefined receiver, at its place in the options',
      { rules, heartbeat, routing: { routes: [{ matchers: ['team="a"'], receiver: 'lost' }] } },
      /^error: route\.routes\[0\]\.receiver: undefined receiver "lost": add it to receivers, or correct the name \[route-undefined-receiver\]$/,
    ],
    [
      'email without a server, which cannot be in global',
      {
        routing: {
          routes: [{ matchers: ['team="a"'], receiver: 'a' }],
          receivers: [{ name: 'a', email_configs: [{ to: 'a@example.com', from: 'b@example.com' }] }],
        },
      },
      /^error: receiver 'a': email_configs\[0\]: missing field "smarthost": add it \[receiver-incomplete\]$/,
    ],
    [
      'a watchdog that notifies',
      { rules },
      /^error: option 'heartbeat': is missing, so the alert "Watchdog", which always fires, notifies "default-catchall-slack": set heartbeat: \{ webhookSecret \}, add a route for alertname="Watchdog", or remove the rule \[option\]$/,
    ],
    [
      'a watchdog that notifies via routing.config',
      {
        rules,
        routing: {
          config: {
            route: { receiver: 'null', routes: [{ receiver: 'a', matchers: ['team="devops"', 'alertname!="A"'] }] },
            receivers: [{ name: 'null' }, { name: 'a', slack_configs: [{ api_url: 'http://a.b.svc' }] }],
          },
        },
      },
      /^error: option 'heartbeat': is missing, so the alert "Watchdog", which always fires, notifies "a": set heartbeat: \{ webhookSecret \}, add a route for alertname="Watchdog", or remove the rule \[option\]$/,
    ],
    [
      'a token that is not mounted',
      {
        routing: {
          routes: [{ matchers: ['severity="critical"'], receiver: 'bridge' }],
          receivers: [
            webhookReceiver({ name: 'bridge', webhookUrl: 'http://bridge.chat.svc:8080', tokenSecret: 'bridge-token' }),
          ],
        },
      },
      /^error: option 'alertmanager\.secrets': missing Secret "bridge-token", from which a receiver reads a file: add it to the list \[option\]$/,
    ],
    [
      'a file of events outside the volume',
      {
        routing: {
          config: {
            route: { receiver: 'a' },
            receivers: [slackAt(INBOX)],
            event_recorder: { file_outputs: [{ name: 'history', path: '/alertmanager/../tmp/events.jsonl' }] },
          },
        },
      },
      /^error: event_recorder.file_outputs\[0\].path: "\S+" is read-only in the pod: use a path in \/alertmanager/,
    ],
  ])('rejects %s', (_, instead, expected) => {
    expect(synthErrors(instead)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('message templates', () => {
  const TITLE = '{{ define "slack.title" }}Mine{{ end }}';
  const TEXT = '{{ define "slack.text" }}{{ end }}';
  const SHOP = '{{ define "shop.title" }}Shop{{ end }}';
  const config = (title: string) => ({
    route: { receiver: 'a' },
    receivers: [{ name: 'a', slack_configs: [{ api_url: 'http://slack.chat.svc', title }] }],
  });
  const files = (routing: LogAlertingProps['routing']) =>
    Object.keys(find(synthObjects({ routing }), 'ConfigMap', 'alertmanager-config').data ?? {});

  test("are added to the stack's own, or replace it if they define its templates", () => {
    expect(files({ templates: { 'shop.tmpl': SHOP } })).toEqual(['alertmanager.yml', 'shop.tmpl', 'slack.tmpl']);
    expect(files({ templates: { 'my.tmpl': TITLE + TEXT } })).toEqual(['alertmanager.yml', 'my.tmpl']);
  });

  test.each([
    ['a file with its name', { 'slack.tmpl': SHOP }, '"slack.title" and "slack.text"'],
    ['only one of its templates', { 'shop.tmpl': TITLE }, '"slack.text"'],
  ])("are rejected if they replace only a part of the stack's own: %s", (_, templates, lost) => {
    expect(synthErrors({ routing: { templates } })).toEqual([
      expect.stringContaining(
        `option 'routing.templates': replaces the stack's slack.tmpl without ${lost}, so its receivers cannot`,
      ),
    ]);
  });

  test('are rejected if a message calls one that no file defines', () => {
    const lines = synthErrors({ routing: { config: config('{{ template "shop.title" . }}') } });

    expect(lines).toEqual([
      expect.stringMatching(
        /^error: receiver 'a': slack_configs\[0\]\.title: undefined template "shop\.title", so no notification can be sent: add the file that defines it, or correct the name; did you mean 'slack\.title'\? \[template-undefined\]$/,
      ),
    ]);
    expect(files({ config: config('{{ template "shop.title" . }}'), templates: { 'slack.tmpl': SHOP } })).toEqual([
      'alertmanager.yml',
      'slack.tmpl',
    ]);
  });
});

describe('rejects, and writes nothing:', () => {
  test('invalid options, rules and routes, all at once', () => {
    const lines = synthErrors({
      demo: { rate: 0 },
      loki: { storage: '5GB' },
      rules: [{ name: 'shop.yaml', groups: [shop('A'), shop('B')] }],
      routing: { routes: [{ matchers: ['team="shop"'], receiver: 'lost' }] },
      typo: true,
      grafanUrl: 'http://localhost:3000',
    });

    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^error: option 'demo.rate': 0 is not a whole number above 0.* \[option\]$/),
        expect.stringMatching(/^error: option 'loki.storage': "5GB" is not a valid Kubernetes quantity/),
        expect.stringMatching(/^error: option 'typo': is not an option/),
        expect.stringMatching(/^error: option 'grafanUrl': is not an option.*; did you mean 'grafanaUrl'/),
        expect.stringMatching(/^error: .*shop.*\[group-name-repeated\]$/),
        expect.stringMatching(/^error: .*"lost"/),
      ]),
    );
  });

  test('two alerts with the same name', () => {
    const rules = [...PROPS.rules, ...PROPS.rules.map((file) => ({ ...file, name: `twin-${file.name}` }))];

    expect(synthErrors({ rules })).toContainEqual(expect.stringMatching(/^error: .*\[alert-name-repeated\]$/));
  });

  test('an unknown severity and a duplicate receiver at once', () => {
    const routes = [{ matchers: ['severity="fatal"'], receiver: 'default-catchall-slack' }];
    const lines = synthErrors({ routing: { routes, receivers: [{ name: 'default-catchall-slack' }] } });

    expect(lines).toContainEqual(expect.stringMatching(/\[alertmanager-duplicate-name\]$/));
    expect(lines).toContainEqual(expect.stringMatching(/\[route-unknown-severity\]$/));
  });

  test('two receivers with the same name', () => {
    const receivers = [{ name: 'shop' }, { name: 'shop' }];

    expect(synthErrors({ routing: { receivers } })).toContainEqual(expect.stringMatching(/^error: .*shop/));
  });

  test("a receiver with the name of one of the stack's own", () => {
    const receivers = [{ name: 'default-catchall-slack' }];

    expect(synthErrors({ routing: { receivers } })).toContainEqual(
      expect.stringMatching(/^error: .*default-catchall-slack/),
    );
  });

  test('a webhook of a real Slack in a receiver', () => {
    const receivers = [
      { name: 'shop', slack_configs: [{ api_url: 'https://hooks.slack.com/services/T0/B0/hunter2' }] },
    ];
    const lines = synthErrors({ routing: { receivers } });

    expect(lines).toContainEqual(expect.stringMatching(/^error: receiver 'shop'/));
    expect(lines.join()).not.toContain('hunter2');
  });

  test('a route for a severity that does not exist', () => {
    const routes = [{ matchers: ['severity="fatal"'], receiver: 'default-catchall-slack' }];

    expect(synthErrors({ routing: { routes } })).toContainEqual(expect.stringMatching(/fatal/));
  });

  test('warnings, with strict', () => {
    const rules = [
      ...PROPS.rules,
      {
        name: 'b.yaml',
        groups: [{ ...shop('B'), rules: [{ alert: 'B', for: '1s', expr: 'sum(rate({app="a"}[1m])) > 0' }] }],
      },
    ];

    expect(synthErrors({ rules, strict: true })).toEqual([
      expect.stringMatching(/^warning: .*\[for-below-interval\]$/),
    ]);
  });

  test('a namespace with the name of another construct in the app, because its chart is named after it', () => {
    expect(synthErrors({ namespaces: { logging: 'log-alerting' } })).toEqual([
      expect.stringMatching(
        /^error: option 'namespaces\.logging': "log-alerting" is also the name of another construct, and a chart is named after its namespace: rename one of the two \[option\]$/,
      ),
    ]);
  });
});

test.each([
  ['with a heartbeat', { heartbeat: { webhookSecret: 'heartbeat' } }],
  ['without', {}],
])('a receiver without a name is reported by its place in the option, %s', (_, props) => {
  const rules = [...PROPS.rules, watchdog({ grafanaUrl: 'http://localhost:3000' })];
  const receivers = [{ slack_configs: [{ api_url: 'http://a.b.svc' }] }];

  expect(synthErrors({ ...props, rules, routing: { receivers } })).toContainEqual(
    expect.stringMatching(/^error: receivers\[0\]: missing field "name"/),
  );
});

describe('two stacks in an app', () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), 'two-stacks-'));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true });
  });
  const OTHERS = { logging: 'logging-b', logCollector: 'log-collector-b', demo: 'demo-b' };

  test.each([
    ['as siblings', (root: App) => [root, root]],
    ['apart in the tree', (root: App) => [root, new Construct(root, 'b')]],
  ])('are rejected in the same namespace, %s', (_, scopes) => {
    const root = new App({ outdir });
    scopes(root).forEach((scope, i) => {
      new LogAlerting(scope, `stack-${i}`, PROPS);
    });

    expect(() => root.synth()).toThrow(
      /option 'namespaces.logging': "logging" is also used by another LogAlerting in the app, .*: use different namespaces for each/,
    );
  });

  test('are rejected in the same namespace together with other findings', () => {
    const root = new App({ outdir });
    new LogAlerting(root, 'a', PROPS);
    new LogAlerting(root, 'b', { ...PROPS, grafanaUrl: 'nowhere', namespaces: { ...OTHERS, demo: 'demo' } });

    expect(() => root.synth()).toThrow(
      /option 'grafanaUrl'.*option 'namespaces.demo': "demo" is also used by another/s,
    );
  });

  test('share no object in different namespaces, not even a cluster-scoped one', () => {
    const root = new App({ outdir });
    new LogAlerting(root, 'a', PROPS);
    new LogAlerting(root, 'b', { ...PROPS, namespaces: OTHERS });
    root.synth();
    const names = objects(readFolder(outdir)).map(({ kind, metadata }) =>
      [kind, metadata.namespace, metadata.name].join(' '),
    );

    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

test('the checks never throw', () => {
  const keys = ['rules', 'rateAlert', 'slack', 'routing', 'loki', 'grafana', 'demo', 'namespaces', 'severities'];
  const anyOptions = fc.record(Object.fromEntries(keys.map((key) => [key, fc.anything()])), { requiredKeys: [] });

  fc.assert(fc.property(anyOptions, (value) => void checkLogAlerting({ ...PROPS, ...value } as LogAlertingProps)));
  fc.assert(fc.property(fc.anything(), (value) => void checkLogAlerting(value as LogAlertingProps)));
});
