import { type LogAlertingProps, slackReceiver, webhookReceiver } from '../../lib';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { watchdog } from '../../rules';
import { find, workloads } from '../manifests/kubernetes';
import { PROPS, type SomeProps, synthObjects } from '../manifests/synth';
import { synthErrors } from './synth-errors';

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
    expect(files({ templates: { 'shop.tmpl': SHOP } })).toEqual([
      'alertmanager.yml',
      'lines.tmpl',
      'shop.tmpl',
      'slack.tmpl',
    ]);
    expect(files({ templates: { 'my.tmpl': TITLE + TEXT } })).toEqual(['alertmanager.yml', 'lines.tmpl', 'my.tmpl']);
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
        /^error: receiver 'a': slack_configs\[0\]\.title: undefined template "shop\.title", so Slack shows a message that is blank from there on, and Alertmanager logs nothing: add the file that defines it, or correct the name; did you mean 'slack\.title'\? \[template-undefined\]$/,
      ),
    ]);
    expect(files({ config: config('{{ template "shop.title" . }}'), templates: { 'slack.tmpl': SHOP } })).toEqual([
      'alertmanager.yml',
      'lines.tmpl',
      'slack.tmpl',
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
