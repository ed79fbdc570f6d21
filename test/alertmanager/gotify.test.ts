import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { gotifyReceiver } from '../../lib/alertmanager/gotify';

const receiver = gotifyReceiver({ name: 'gotify', url: 'http://gotify.chat.svc:8080/', tokenSecret: 'gotify' });

test('reads the token from a file, and notifies of resolved alerts too', () => {
  expect(receiver.webhook_configs).toMatchObject([
    {
      url: 'http://gotify.chat.svc:8080/message',
      http_config: { authorization: { credentials_file: '/etc/alertmanager/secrets/gotify/token' } },
      send_resolved: true,
    },
  ]);
});

test('has valid templates', () => {
  expect(checkAlertmanagerConfig({ route: { receiver: 'gotify' }, receivers: [receiver] })).toEqual([]);
});
