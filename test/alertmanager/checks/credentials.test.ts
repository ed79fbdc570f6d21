import { formatFinding } from '../../../lib/checks/findings';
import { findingsOf } from '../verdict';

/** Findings but those on empty receivers, which keep these texts short. */
const findings = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id !== 'receiver-empty');
const warnings = (yaml: string) => findings(yaml).map(formatFinding);

describe('credentials', () => {
  const url = (text: string) =>
    findingsOf(`receivers: [{name: r, webhook_configs: [{url: ${JSON.stringify(text)}}]}]\nroute: {receiver: r}\n`).map(
      ({ id }) => id,
    );

  test.each([
    'https://hooks.slack.com/services/T000/B000/XXX',
    'https://discord.com/api/webhooks/1/x',
    'https://acme.webhook.office.com/webhookb2/x',
    'http://user:pass@bridge.monitoring/',
    'https://example.com/hook?token=abc',
    'https://example.com/hook?api_key=abc',
    'https://example.com/hooks/8f14e45fceea167a5a36dedd4bea2543',
    '<secret>',
  ])('%s', (text) => {
    expect(url(text)).toEqual(['inline-secret']);
  });

  test.each([
    'http://slack-inbox.demo.svc:8080/services/inbox',
    'http://bridge.monitoring:8080/hook?channel=alerts',
    'https://slack.com/api/chat.postMessage',
    'https://alerts.example.com/a-long-path-of-several-words/v2',
  ])('not %s', (text) => {
    expect(url(text)).toEqual([]);
  });

  test.each(['xoxb-1111111111-2222222222-hunter2hunter2', 'xapp-1-A0AAAAAAAAA-1111111111111-hunter2'])(
    '%s, a token of Slack, in any field',
    (token) => {
      const fields = [
        'app_token',
        'app_token_file',
        'channel',
        'username',
        'title',
        'message_text',
        'icon_url',
        'color',
      ];
      const slack = (field: string) =>
        warnings(
          `receivers: [{name: r, slack_configs: [{api_url_file: /a, ${field}: ${token}}]}]\nroute: {receiver: r}\n`,
        );
      const reported = fields.filter((field) => slack(field).some((text) => text.includes('[inline-secret]')));

      expect(reported).toEqual(fields);
      expect(fields.flatMap(slack).join('\n')).not.toContain('hunter2');
    },
  );

  describe('in a URL that cannot be in a file', () => {
    const refusal = (receiver: string, global = '{}') =>
      warnings(`global: ${global}\nreceivers: [{name: r, ${receiver}}]\nroute: {receiver: r}\n`);
    const webhook = (http: string) => `webhook_configs: [{url: "http://bridge", http_config: ${http}}]`;
    const ADDRESS = 'http://user:hunter2@example.com:3128';

    test.each([
      [
        'a proxy',
        webhook(`{proxy_url: "${ADDRESS}"}`),
        undefined,
        /f:2:89: error: receiver 'r': webhook_configs\[0\]\.http_config\.proxy_url: contains a password in a URL, in a file that is committed: remove it, and use a proxy that needs no password \[inline-secret\]/,
      ],
      [
        'a token endpoint',
        webhook(`{oauth2: {client_id: a, client_secret_file: b, token_url: "${ADDRESS}"}}`),
        undefined,
        /token_url: .* password_file/,
      ],
      ['an API', `jira_configs: [{api_url: "${ADDRESS}", project: p, issue_type: i}]`, undefined, /password_file/],
      ['a global API', webhook('{}'), `{opsgenie_api_url: "${ADDRESS}"}`, /opsgenie_api_url: .* password_file/],
      ['a link in a message', `slack_configs: [{api_url: "http://x", text: "see ${ADDRESS}/a"}]`, undefined, /text: /],
    ])('%s', (_name, receiver, global, expected) => {
      const found = refusal(receiver, global);

      expect(found).toEqual([expect.stringMatching(expected)]);
      expect(found).toEqual([expect.stringMatching(/: error: .*contains a password.*\[inline-secret\]$/)]);
      expect(found.join()).not.toContain('hunter2');
      expect(found.join()).not.toMatch(/proxy_url_file|api_url_file|token_url_file|text_file/);
    });

    test.each(['http://proxy:3128', 'http://user@proxy:3128', 'http://proxy:3128/a:b@c'])('not %s', (address) => {
      expect(refusal(webhook(`{proxy_url: "${address}"}`))).toEqual([]);
    });

    test('do not appear in messages, even if they look like a port', () => {
      expect(refusal(webhook('{proxy_url: "http://user:hunter2/x@proxy"}')).join()).not.toContain('hunter2');
    });
  });
});
