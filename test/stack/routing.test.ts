import { DEFAULT_TIMES } from '../../lib/alertmanager/config/routes';
import { toYaml } from '../../lib/alertmanager/config/write';
import { slackReceiver } from '../../lib/alertmanager/slack';
import { PROFILE_DEFAULTS } from '../../lib/stack/profiles';
import { stackAlertmanagerConfig, writtenBy } from '../../lib/stack/routing';

const slack = { webhookUrl: 'http://slack-inbox.demo.svc:8080' };

test('minimal props: alertmanager.yml of the demo', () => {
  const times = PROFILE_DEFAULTS.demo.routeTimes;

  expect(toYaml(stackAlertmanagerConfig({ slack, times }).config)).toMatchSnapshot();
});

test("the root route has the times of the options or, by default, the profile's", () => {
  const routeOf = (instead: object) =>
    stackAlertmanagerConfig({ slack, times: DEFAULT_TIMES, ...instead }).config.route;

  expect(routeOf({})).toMatchObject({ group_wait: '30s', group_interval: '5m', repeat_interval: '4h' });
  expect(routeOf({ repeatInterval: '12h' })).toMatchObject({
    group_wait: '30s',
    group_interval: '5m',
    repeat_interval: '12h',
  });
});

test("all props: additional routes precede the stack's own, additional receivers follow them", () => {
  const { config } = stackAlertmanagerConfig({
    times: DEFAULT_TIMES,
    slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
    routes: [{ matchers: ['team="shop"'], receiver: 'shop' }],
    receivers: [slackReceiver({ name: 'shop', webhookSecret: 'slack-webhook', channel: '#shop' })],
    groupWait: '10s',
    groupInterval: '1m',
    repeatInterval: '4h',
  });

  expect(config.route).toMatchObject({
    receiver: 'default-catchall-slack',
    group_wait: '10s',
    group_interval: '1m',
    repeat_interval: '4h',
    routes: [{ receiver: 'shop' }, { matchers: ['severity="warning"'] }],
  });
  expect(config.receivers?.map(({ name }) => name)).toEqual(['default-catchall-slack', 'warning-devops-slack', 'shop']);
  expect(config.receivers?.map(({ slack_configs }) => slack_configs?.[0]?.channel)).toEqual([
    '#alerts',
    '#alerts',
    '#shop',
  ]);
});

test('a webhook in a Secret is read from a file', () => {
  const [config] = slackReceiver({ name: 'a', webhookSecret: 'slack-webhook' }).slack_configs ?? [];

  expect(config).toMatchObject({ api_url_file: '/etc/alertmanager/secrets/slack-webhook/url', send_resolved: true });
  expect(config).not.toHaveProperty('api_url');
});

test.each([
  ['edit', { update_message: true }],
  ['thread', { post_updates_to_thread: true }],
  ['post', {}],
  [undefined, {}],
] as const)("the token of an app is read from a file, with updates '%s'", (updates, fields) => {
  const [config] = slackReceiver({ name: 'a', tokenSecret: 'slack-app', channel: '#a', updates }).slack_configs ?? [];
  const [webhook] = slackReceiver({ name: 'a', webhookSecret: 'slack', channel: '#a' }).slack_configs ?? [];
  const { api_url_file: _, ...message } = webhook ?? {};

  expect(config).toEqual({ app_token_file: '/etc/alertmanager/secrets/slack-app/token', ...fields, ...message });
});

test('a stand-in for Slack is set by its URL', () => {
  const [config] = slackReceiver({ ...slack, name: 'a' }).slack_configs ?? [];

  expect(config).toMatchObject({ api_url: 'http://slack-inbox.demo.svc:8080', channel: '#notifications' });
  expect(config).not.toHaveProperty('api_url_file');
});

test("a whole alertmanager.yml replaces the stack's own, after the heartbeat's route", () => {
  const config = {
    route: { receiver: 'ops', routes: [{ matchers: ['team="a"'], receiver: 'a' }] },
    receivers: [{ name: 'ops' }, { name: 'a' }],
    templates: ['*.tmpl'],
  };
  const { route, receivers, templates } = stackAlertmanagerConfig({
    slack: {},
    times: DEFAULT_TIMES,
    config,
    heartbeat: { webhookUrl: 'http://heartbeat' },
  }).config;

  expect(route).toMatchObject({
    receiver: 'ops',
    routes: [{ matchers: ['alertname="Watchdog"'] }, config.route.routes[0]],
  });
  expect(receivers.map(({ name }) => name).slice(0, 2)).toEqual(['ops', 'a']);
  expect(templates).toEqual(['/etc/alertmanager/*.tmpl']);
});

describe('parts have the paths of their options', () => {
  const heartbeat = { webhookUrl: 'http://heartbeat' };
  const routes = [{ receiver: 'a' }, { receiver: 'b' }];
  const receivers = [{ name: 'a' }, { name: 'b' }];
  const written = (instead: object) =>
    writtenBy(stackAlertmanagerConfig({ slack, times: DEFAULT_TIMES, ...instead }).origins);

  test.each([
    ['without a heartbeat', {}, 0],
    ['with one', { heartbeat }, 1],
  ])("in the stack's own tree, %s", (_, instead, before) => {
    const of = written({ routes, receivers, ...instead });

    expect(of(['route', 'routes', before + 1, 'receiver'])).toEqual({
      path: ['routing', 'routes', 1, 'receiver'],
      text: 'route.routes[1].receiver',
    });
    expect(of(['receivers', 2 + before, 'name'])).toEqual({
      path: ['routing', 'receivers', 0, 'name'],
      text: 'receivers[0].name',
    });
    expect(of(['receivers', 1, 'slack_configs', 0]).path).toEqual(['slack']);
    expect(of(['route', 'group_wait'])).toEqual({ path: ['routing', 'groupWait'], text: 'route.group_wait' });
    expect(of(['route', 'routes', before + 2, 'matchers']).path).toEqual(['routing']);
  });

  test("in routes of one's own", () => {
    const of = written({ heartbeat, config: { route: { receiver: 'a', routes }, receivers } });

    expect(of(['route', 'routes', 0])).toEqual({ path: ['heartbeat'], text: 'the route of the heartbeat' });
    expect(of(['receivers', 2])).toEqual({ path: ['heartbeat'], text: 'the receiver of the heartbeat' });
    expect(of(['route', 'routes', 1])).toEqual({
      path: ['routing', 'config', 'route', 'routes', 0],
      text: 'route.routes[0]',
    });
    expect(of(['route', 'group_wait'])).toEqual({
      path: ['routing', 'config', 'route', 'group_wait'],
      text: 'route.group_wait',
    });
  });
});
