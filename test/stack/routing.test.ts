import { toYaml } from '../../lib/alertmanager/config/write';
import { slackReceiver } from '../../lib/alertmanager/slack';
import { stackAlertmanagerConfig } from '../../lib/stack/routing';

const slack = { webhookUrl: 'http://slack-inbox.demo.svc:8080' };

test('minimal props: alertmanager.yml of the demo', () => {
  expect(toYaml(stackAlertmanagerConfig({ slack }))).toMatchSnapshot();
});

test.each([
  [undefined, { group_wait: '1s', group_interval: '30s', repeat_interval: '5m' }],
  ['demo' as const, { group_wait: '1s', group_interval: '30s', repeat_interval: '5m' }],
  ['single' as const, { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' }],
  ['distributed' as const, { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' }],
])('profile %s: nobody is reminded every five minutes but who looks at the demo', (profile, times) => {
  expect(stackAlertmanagerConfig({ slack, profile }).route).toMatchObject(times);
  expect(stackAlertmanagerConfig({ slack, profile, repeatInterval: '12h' }).route).toMatchObject({
    ...times,
    repeat_interval: '12h',
  });
});

test("all props: further routes come before the stack's own, further receivers behind them", () => {
  const config = stackAlertmanagerConfig({
    slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
    routes: [{ matchers: ['team="shop"'], receiver: 'shop' }],
    receivers: [slackReceiver('shop', { webhookSecret: 'slack-webhook' }, '#shop')],
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

test('a webhook in a Secret is read from a file and stands nowhere in the configuration', () => {
  const [config] = slackReceiver('a', { webhookSecret: 'slack-webhook' }).slack_configs ?? [];

  expect(config).toMatchObject({ api_url_file: '/etc/alertmanager/secrets/slack-webhook/url', send_resolved: true });
  expect(config).not.toHaveProperty('api_url');
});

test('a stand-in for Slack is named by its URL', () => {
  const [config] = slackReceiver('a', slack).slack_configs ?? [];

  expect(config).toMatchObject({ api_url: 'http://slack-inbox.demo.svc:8080', channel: '#notifications' });
  expect(config).not.toHaveProperty('api_url_file');
});

test('a whole alertmanager.yml takes the place of the tree, behind the heartbeat', () => {
  const config = {
    route: { receiver: 'ops', routes: [{ matchers: ['team="a"'], receiver: 'a' }] },
    receivers: [{ name: 'ops' }, { name: 'a' }],
    templates: ['*.tmpl'],
  };
  const { route, receivers, templates } = stackAlertmanagerConfig({
    slack: { webhookUrl: 'http://slack-inbox' },
    config,
    heartbeat: { webhookUrl: 'http://heartbeat' },
  });

  expect(route).toMatchObject({
    receiver: 'ops',
    routes: [{ matchers: ['alertname="Watchdog"'] }, config.route.routes[0]],
  });
  expect(receivers.map(({ name }) => name).slice(0, 2)).toEqual(['ops', 'a']);
  expect(templates).toEqual(['/etc/alertmanager/*.tmpl']);
});
