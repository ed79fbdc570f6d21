import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { DEFAULT_TIMES, resolveRoute } from '../../lib/alertmanager/config/routes';
import { stackAlertmanagerConfig } from '../../lib/stack/routing';

const slack = { webhookSecret: 'slack-webhook' };
const { config } = stackAlertmanagerConfig({
  slack,
  times: DEFAULT_TIMES,
  heartbeat: { webhookSecret: 'heartbeat' },
  routes: [{ matchers: ['team="devops"'], receiver: 'default-catchall-slack' }],
});

test('the watchdog alert is only sent to the service, whatever other routes match', () => {
  const labels = { alertname: 'Watchdog', severity: 'info', team: 'devops' };

  expect(resolveRoute(config, labels)).toEqual(['heartbeat']);
});

test('notifies at every interval, and not when the alert is resolved', () => {
  expect(config.route.routes?.[0]).toMatchObject({ group_wait: '0s', group_interval: '1m', repeat_interval: '50s' });
  expect(config.receivers.find(({ name }) => name === 'heartbeat')?.webhook_configs).toEqual([
    { url_file: '/etc/alertmanager/secrets/heartbeat/url', max_alerts: 1, send_resolved: false },
  ]);
});

test.each(['1s', '1m', '90s', '5m', '1h', '7ms'])('accepts the interval %s', (interval) => {
  const heartbeat = { webhookSecret: 'heartbeat', interval };

  expect(checkAlertmanagerConfig(stackAlertmanagerConfig({ slack, heartbeat, times: DEFAULT_TIMES }).config)).toEqual(
    [],
  );
});
