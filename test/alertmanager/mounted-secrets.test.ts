import type { Receiver } from '../../lib/alertmanager/config/config';
import { checkSecretFiles, secretFile } from '../../lib/alertmanager/mounted-secrets';
import { webhookReceiver } from '../../lib/alertmanager/webhook';
import { formatMessage } from '../../lib/checks/findings';

const found = (receiver: Receiver, secrets: string[]) =>
  checkSecretFiles({ config: { route: { receiver: receiver.name }, receivers: [receiver] }, secrets }).map(
    (finding) => `${finding.severity}: ${formatMessage(finding)}`,
  );

const bridge = webhookReceiver({ name: 'bridge', webhookSecret: 'bridge' });

test('accepts Secrets that are mounted and read', () => {
  expect(found(bridge, ['bridge'])).toEqual([]);
});

test.each<[string, Receiver]>([
  ['a URL', bridge],
  ['a token', webhookReceiver({ name: 'a', webhookUrl: 'http://a', tokenSecret: 'bridge' })],
  [
    'a header',
    webhookReceiver({
      name: 'a',
      webhookUrl: 'http://a',
      httpConfig: { http_headers: { X: { files: [secretFile({ name: 'bridge', key: 'x' })] } } },
    }),
  ],
  ['a key', { name: 'a', pagerduty_configs: [{ routing_key_file: secretFile({ name: 'bridge', key: 'key' }) }] }],
])('rejects %s in a file of a Secret that is not mounted', (_, receiver) => {
  expect(found(receiver, [])).toEqual([
    `error: option 'alertmanager.secrets': missing Secret "bridge", from which a receiver reads a file: add it to the list`,
  ]);
});

test('reports a Secret that nothing reads', () => {
  expect(found(bridge, ['bridge', 'old'])).toEqual([
    `warning: option 'alertmanager.secrets': unused Secret "old": no receiver reads a file from it: remove it, or read /etc/alertmanager/secrets/old/<key>`,
  ]);
});

test('ignores files in other folders, and texts that only look like a file', () => {
  const receiver: Receiver = {
    name: 'a',
    webhook_configs: [{ url_file: '/run/url', payload: { text: '/etc/alertmanager/secrets/a/b' } }],
  };

  expect(found(receiver, [])).toEqual([]);
});
