import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { gotifyReceiver } from '../../lib/alertmanager/gotify';

const receiver = gotifyReceiver({ name: 'gotify', url: 'http://gotify.chat.svc:8080/', tokenSecret: 'gotify' });

test('the token is read from a file, and the end of an alert is told too', () => {
  expect(receiver.webhook_configs).toMatchObject([
    {
      url: 'http://gotify.chat.svc:8080/message',
      http_config: { authorization: { credentials_file: '/etc/alertmanager/secrets/gotify/token' } },
      send_resolved: true,
    },
  ]);
});

test('its templates are well', () => {
  expect(checkAlertmanagerConfig({ route: { receiver: 'gotify' }, receivers: [receiver] })).toEqual([]);
});
