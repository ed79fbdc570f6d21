import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { destinations } from '../../lib/alertmanager/destinations';
import { formatFinding } from '../../lib/checks/findings';
import { contradictions, type GlobalCase, harmless } from './global-cases';

const found = ({ version = '0.35.0', ...config }: GlobalCase) =>
  checkAlertmanagerConfig(config, { alertmanagerVersion: version })
    .filter(({ severity }) => severity === 'error')
    .map(formatFinding);

test.each(Object.entries(contradictions))('rejects %s', (_, { expected, ...config }) => {
  expect(found(config)).toEqual([expect.stringMatching(expected)]);
});

test.each(Object.entries(harmless))('accepts %s', (_, config) => {
  expect(found(config)).toEqual([]);
});

test('reports a webhook file that the global app token overrides', () => {
  const config = {
    global: { slack_app_token_file: '/t' },
    route: { receiver: 'r' },
    receivers: [{ name: 'r', slack_configs: [{ api_url_file: '/a', channel: '#a' }] }],
  };

  expect(checkAlertmanagerConfig(config).map(formatFinding)).toEqual([
    expect.stringMatching(
      /warning: receiver 'r': slack_configs\[0\]\.api_url_file: has no effect: the Slack app token of global takes precedence: remove it, or move the token to the receivers that need it \[receiver-field-unused\]/,
    ),
  ]);
});

describe('a message that is edited', () => {
  const ids = (fields: object) =>
    checkAlertmanagerConfig({
      route: { receiver: 'r' },
      receivers: [{ name: 'r', slack_configs: [{ app_token_file: '/t', channel: '#a', ...fields }] }],
    }).map(formatFinding);

  test.each([{ update_message: true }, { update_message: true, send_resolved: false }])(
    'stays firing with %j',
    (fields) => {
      expect(ids(fields)).toEqual([
        "warning: receiver 'r': slack_configs[0].update_message: never shows that the alerts are resolved, because send_resolved is false: add send_resolved: true [receiver-stays-firing]",
      ]);
    },
  );

  test.each([
    { update_message: true, send_resolved: true },
    { post_updates_to_thread: true },
    { update_message: false },
  ])('does not stay firing with %j', (fields) => {
    expect(ids(fields)).toEqual([]);
  });
});

test('Microsoft Teams uses the global proxy even with its own http_config', () => {
  const config = {
    global: { http_config: { proxy_url: 'http://proxy.egress.svc:3128' } },
    route: { receiver: 'r' },
    receivers: [
      { name: 'r', msteamsv2_configs: [{ webhook_url_file: '/a', http_config: { follow_redirects: false } }] },
      { name: 's', discord_configs: [{ webhook_url_file: '/a', http_config: { follow_redirects: false } }] },
    ],
  };

  expect(destinations(config, 'logging')).toEqual([
    { service: 'proxy', namespace: 'egress', port: 3128 },
    { port: 443 },
  ]);
});
