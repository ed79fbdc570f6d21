import type { AlertmanagerConfig, Receiver } from '../../lib/alertmanager/config/config';
import { destinations } from '../../lib/alertmanager/destinations';
import { slackReceiver } from '../../lib/alertmanager/slack';
import { webhookReceiver } from '../../lib/alertmanager/webhook';

const of = (receiver: Omit<Receiver, 'name'>, global?: AlertmanagerConfig['global']) =>
  destinations({ global, route: { receiver: 'a' }, receivers: [{ name: 'a', ...receiver }] }, 'logging');

const webhook = (url: string, rest: object = {}) => of({ webhook_configs: [{ url, ...rest }] });

test.each([
  ['http://bridge.chat.svc:8080/alerts', { service: 'bridge', namespace: 'chat', port: 8080 }],
  ['http://bridge.chat.svc.cluster.local/alerts', { service: 'bridge', namespace: 'chat', port: 80 }],
  ['http://bridge:8080', { service: 'bridge', namespace: 'logging', port: 8080 }],
  ['https://alerts.example.com/x', { port: 443 }],
  ['https://alerts.example.com:8443/x', { port: 8443 }],
  ['http://10.0.0.1/x', { port: 80 }],
  ['http://[fd00::1]:8080/x', { port: 8080 }],
  ['{{ .CommonLabels.url }}', { port: 443 }],
])('%s', (url, expected) => {
  expect(webhook(url)).toEqual([expected]);
});

test('a URL in a file is HTTPS', () => {
  expect(of(webhookReceiver({ name: 'a', webhookSecret: 'b' }))).toEqual([{ port: 443 }]);
  expect(of(slackReceiver({ name: 'a', webhookSecret: 'b' }))).toEqual([{ port: 443 }]);
});

test('a public service is HTTPS, unless its URL is set', () => {
  const pagerduty = { pagerduty_configs: [{ routing_key_file: '/a' }] };

  expect(of(pagerduty)).toEqual([{ port: 443 }]);
  expect(of(pagerduty, { pagerduty_url: 'https://pd.example.com:444' })).toEqual([{ port: 444 }]);
});

test('a file of the integration takes precedence over the global URL', () => {
  const global = { slack_api_url: 'http://mattermost.chat.svc:8065/hooks' };

  expect(of({ slack_configs: [{}] }, global)).toEqual([{ service: 'mattermost', namespace: 'chat', port: 8065 }]);
  expect(of({ slack_configs: [{ api_url_file: '/a' }] }, global)).toEqual([{ port: 443 }]);
});

test("a Slack app calls Slack's API, also if global has a webhook", () => {
  const webhook = { slack_api_url: 'http://mattermost.chat.svc:8065/hooks' };
  const app = { slack_app_token_file: '/t', slack_app_url: 'http://proxy.slack.svc:8080/api' };
  const token = { slack_configs: [{ app_token_file: '/t', update_message: true }] };

  expect(of(slackReceiver({ name: 'a', tokenSecret: 'b', channel: '#a' }))).toEqual([{ port: 443 }]);
  expect(of(token, webhook)).toEqual([{ port: 443 }]);
  expect(of({ slack_configs: [{}] }, app)).toEqual([{ service: 'proxy', namespace: 'slack', port: 8080 }]);
  expect(of({ slack_configs: [{ app_token_file: '/t', app_url: 'http://a.b.svc:81' }] }, webhook)).toEqual([
    { service: 'a', namespace: 'b', port: 81 },
  ]);
});

test('a webhook of Slack is called, also if global has the URL of an app', () => {
  const global = { slack_api_url_file: '/a', slack_app_url: 'http://proxy.slack.svc:8080/api' };

  expect(of({ slack_configs: [{}] }, global)).toEqual([{ port: 443 }]);
  expect(of({ slack_configs: [{ api_url: 'http://a.b.svc:81' }] }, { ...global, slack_app_token_file: '/t' })).toEqual([
    { service: 'a', namespace: 'b', port: 81 },
  ]);
});

test('the app token of global takes precedence over a webhook in a file', () => {
  const global = { slack_app_token_file: '/t', slack_app_url: 'http://proxy.slack.svc:8080/api' };

  expect(of({ slack_configs: [{ api_url_file: '/a' }] }, global)).toEqual([
    { service: 'proxy', namespace: 'slack', port: 8080 },
  ]);
});

test('email is sent to the smarthost', () => {
  const email = { email_configs: [{ to: 'a@example.com' }] };

  expect(of(email, { smtp_smarthost: 'mail.example.com:587' })).toEqual([{ port: 587 }]);
  expect(of(email, { smtp_smarthost: 'relay.mail.svc:25' })).toEqual([
    { service: 'relay', namespace: 'mail', port: 25 },
  ]);
});

test('a proxy replaces the destination; the token endpoint of OAuth 2.0 is added', () => {
  const proxy = { proxy_url: 'http://proxy.egress.svc:3128' };
  const oauth2 = { client_id: 'a', client_secret_file: '/a', token_url: 'https://login.example.com:9443/token' };

  expect(webhook('https://alerts.example.com', { http_config: proxy })).toEqual([
    { service: 'proxy', namespace: 'egress', port: 3128 },
  ]);
  expect(webhook('https://alerts.example.com', { http_config: { oauth2 } })).toEqual([{ port: 443 }, { port: 9443 }]);
});

test("Alertmanager's own traces and events have destinations", () => {
  const itself = (config: Partial<AlertmanagerConfig>) =>
    destinations({ route: { receiver: 'a' }, receivers: [{ name: 'a' }], ...config }, 'logging');

  expect(itself({ tracing: { endpoint: 'tempo.tracing.svc:4317' } })).toEqual([
    { service: 'tempo', namespace: 'tracing', port: 4317 },
  ]);
  expect(itself({ tracing: { endpoint: 'dns:///tempo:4317' } })).toEqual([
    { service: 'tempo', namespace: 'logging', port: 4317 },
  ]);
  expect(itself({ tracing: { endpoint: 'tempo.example.com', client_type: 'http', insecure: true } })).toEqual([
    { port: 80 },
  ]);
  const event_recorder = {
    webhook_outputs: [{ url: 'http://audit.ops.svc:8080' }],
    kafka_outputs: [{ topic: 'a', brokers: ['kafka.example.com:9093', 'kafka-1'] }],
    stdout_outputs: [{}],
  };
  expect(itself({ event_recorder })).toEqual([
    { service: 'audit', namespace: 'ops', port: 8080 },
    { port: 9093 },
    { service: 'kafka-1', namespace: 'logging', port: 9092 },
  ]);
});

test('destinations are unique, and a receiver without an integration has none', () => {
  const config = {
    route: { receiver: 'a' },
    receivers: [
      slackReceiver({ name: 'a', webhookSecret: 's' }),
      webhookReceiver({ name: 'b', webhookUrl: 'https://example.com' }),
      { name: 'c' },
    ],
  };

  expect(destinations(config, 'logging')).toEqual([{ port: 443 }]);
});
