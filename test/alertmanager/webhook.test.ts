import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { webhookReceiver } from '../../lib/alertmanager/webhook';

const check = (receiver: ReturnType<typeof webhookReceiver>) =>
  checkAlertmanagerConfig({ route: { receiver: receiver.name }, receivers: [receiver] });

test('minimal props: a URL, with notifications of resolved alerts', () => {
  const receiver = webhookReceiver({ name: 'bridge', webhookUrl: 'http://bridge.chat.svc:8080/alerts' });

  expect(receiver).toEqual({
    name: 'bridge',
    webhook_configs: [{ url: 'http://bridge.chat.svc:8080/alerts', send_resolved: true }],
  });
  expect(check(receiver)).toEqual([]);
});

test('all props: credentials are read from files', () => {
  const receiver = webhookReceiver({
    name: 'bridge',
    webhookSecret: 'bridge',
    tokenSecret: 'bridge-token',
    httpConfig: { tls_config: { ca_file: '/etc/alertmanager/secrets/ca/ca.crt' } },
    maxAlerts: 10,
    sendResolved: false,
  });

  expect(receiver.webhook_configs).toEqual([
    {
      url_file: '/etc/alertmanager/secrets/bridge/url',
      http_config: {
        tls_config: { ca_file: '/etc/alertmanager/secrets/ca/ca.crt' },
        authorization: { credentials_file: '/etc/alertmanager/secrets/bridge-token/token' },
      },
      max_alerts: 10,
      send_resolved: false,
    },
  ]);
  expect(check(receiver)).toEqual([]);
});

test.each([
  ['no URL', {}],
  ['two', { webhookUrl: 'http://bridge.chat.svc:8080', webhookSecret: 'bridge' }],
])('%s is reported by the checks of the config', (_, webhook) => {
  expect(check(webhookReceiver({ ...webhook, name: 'bridge' }))).toMatchObject([{ severity: 'error' }]);
});
