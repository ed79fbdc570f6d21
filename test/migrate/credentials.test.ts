import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import type { AlertmanagerConfig } from '../../lib/alertmanager/config/config';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import { toYaml } from '../../lib/alertmanager/config/write';
import { formatPath } from '../../lib/checks/findings';
import { withoutConfigCredentials } from '../../lib/migrate/credentials';

const TEXT = readFileSync(join(__dirname, 'fixtures/secrets/alertmanager.yml'), 'utf8');

function read(text: string): AlertmanagerConfig {
  const { config, findings } = readAlertmanagerConfig(text, 'alertmanager.yml');
  if (!config) throw new Error(JSON.stringify(findings));
  return config;
}

const moved = withoutConfigCredentials(read(TEXT));

test('writes no credential', () => {
  const text = toYaml(moved.config);

  expect(TEXT.match(/geheim|ge@heim/g)?.length).toBeGreaterThan(15);
  expect(text + JSON.stringify(moved)).not.toMatch(/geheim|ge@|@heim/);
  expect(text).toContain('http://<user>:<secret>@proxy.example.com:3128');
});

test('gives each credential a unique key, regardless of the names of receivers', () => {
  const keys = moved.credentials.map(({ key }) => key);

  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toEqual(expect.arrayContaining(['team-a-webhook_configs-0-url', 'team-a-webhook_configs-0-url-2']));
  expect(keys.every((key) => /^[-._a-zA-Z0-9]+$/.test(key))).toBe(true);
});

test('moves the tokens of Slack apps to files, and keeps how messages are updated', () => {
  const { config, credentials, toCorrect } = withoutConfigCredentials(
    read(`
global: { slack_app_token: xoxb-1-geheim-global }
route: { receiver: edit }
receivers:
  - { name: edit, slack_configs: [{ channel: '#a', update_message: true }] }
  - { name: thread, slack_configs: [{ app_token: xoxb-1-geheim-own, channel: '#b', post_updates_to_thread: true }] }
  - { name: bearer, slack_configs: [{ api_url: 'https://slack.com/api/chat.postMessage', http_config: { authorization: { credentials: xoxb-1-geheim-bearer } }, update_message: true }] }
`),
  );
  const file = expect.stringMatching(/^\/etc\/alertmanager\/secrets\/alertmanager-credentials\//);

  expect(JSON.stringify({ config, credentials, toCorrect })).not.toContain('geheim');
  expect(toCorrect).toEqual([]);
  expect(credentials).toHaveLength(3);
  expect(config.global).toEqual({ slack_app_token_file: file });
  expect(config.receivers.map(({ slack_configs }) => slack_configs?.[0])).toEqual([
    { channel: '#a', update_message: true },
    { app_token_file: file, channel: '#b', post_updates_to_thread: true },
    {
      api_url: 'https://slack.com/api/chat.postMessage',
      http_config: { authorization: { credentials_file: file } },
      update_message: true,
    },
  ]);
  expect(checkAlertmanagerConfig(config).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('moves credentials in headers to files, and keeps other headers', () => {
  const [{ http_config } = {}] = moved.config.receivers[2]?.webhook_configs ?? [];
  const file = expect.stringMatching(/^\/etc\/alertmanager\/secrets\/alertmanager-credentials\//);

  expect(http_config?.http_headers).toEqual({
    'X.Token': { files: [file, file] },
    'X-Api-Key': { files: [file] },
    'X-Team': { values: ['shop'] },
  });
});

test('replaces credentials without a file option by placeholders, with a fix', () => {
  expect(moved.toCorrect.map(({ path }) => formatPath(path))).toEqual([
    'global.http_config.proxy_url',
    'global.http_config.proxy_connect_header.Proxy-Token[0]',
    'global.http_config.proxy_connect_header.Proxy-Token[1]',
    'receivers[2].slack_configs[0].title_link',
    'receivers[2].webhook_configs[0].http_config.proxy_url',
    'receivers[2].webhook_configs[1].payload.token',
    'receivers[2].webhook_configs[1].http_config.oauth2.endpoint_params.password',
    'receivers[2].opsgenie_configs[0].api_url',
    'receivers[2].sns_configs[0].sigv4.secret_key',
    'receivers[3].hipchat_configs[0].auth_token',
    'receivers[3].discord_configs[0].webhook_ur1',
  ]);
  expect(moved.toCorrect[8]?.fix).toMatch(/^remove access_key and secret_key, and give the pod an AWS role$/);
});

test('replaces possible credentials in a payload', () => {
  const payload = {
    ...{ project_key: 'OPS', status_code: '5', dedup_key: 'fixed', text: '{{ .Status }}', token: '{{ .Status }}' },
    ...{ routing_key: 'geheim', nested: [{ apiKey: 'geheim', link: 'https://me:geheim@example.com' }] },
  };
  const receivers = [{ name: 'a', webhook_configs: [{ url_file: '/usr/share/url', payload }] }];
  const { config, toCorrect } = withoutConfigCredentials({ route: { receiver: 'a' }, receivers });

  expect(config.receivers[0]?.webhook_configs?.[0]?.payload).toEqual({
    ...payload,
    routing_key: '<secret>',
    nested: [{ apiKey: '<secret>', link: '<secret>' }],
  });
  expect(toCorrect.map(({ problem }) => problem.split(',')[0])).toEqual([
    'may be a credential',
    'may be a credential',
    'contained a credential',
  ]);
  expect(toCorrect[0]?.fix).toMatch(/restore it if it is not a credential/);
});

test.each([
  ['a proxy', 'global: { http_config: { proxy_url: "http://user:geheim@proxy:3128" } }'],
  [
    'the header of a proxy',
    'global: { http_config: { proxy_connect_header: { A: [geheim] }, proxy_url: "http://p" } }',
  ],
  ['a URL', 'global: { pagerduty_url: "https://user:geheim@pager.example.com" }'],
])('the synthesis rejects the placeholder: %s', (_, global) => {
  const { config } = withoutConfigCredentials(read(`${global}\nroute: { receiver: a }\nreceivers: [{ name: a }]`));

  expect(checkAlertmanagerConfig(config)).toContainEqual(expect.objectContaining({ severity: 'error' }));
});

test('keeps files of mounted Secrets, and moves all others to the Secret', () => {
  const config = read(`
global: { slack_api_url_file: /etc/alertmanager/secrets/slack/url, http_config: { tls_config: { ca_file: /etc/ssl/certs/ca.pem } } }
route: { receiver: a }
receivers:
  - { name: a, pagerduty_configs: [{ routing_key_file: /run/secrets/pager }] }`);

  expect(withoutConfigCredentials(config)).toEqual({
    config: {
      ...config,
      receivers: [
        {
          name: 'a',
          pagerduty_configs: [
            {
              routing_key_file:
                '/etc/alertmanager/secrets/alertmanager-credentials/a-pagerduty_configs-0-routing_key_file',
            },
          ],
        },
      ],
    },
    secrets: ['slack'],
    credentials: [
      {
        key: 'a-pagerduty_configs-0-routing_key_file',
        path: 'receivers[0].pagerduty_configs[0].routing_key_file',
        file: '/run/secrets/pager',
      },
    ],
    toCorrect: [],
  });
});

test('reports a URL in a file with a port other than 443, without its path', () => {
  const url = (text: string) =>
    withoutConfigCredentials(
      read(`route: { receiver: r }\nreceivers: [{ name: r, webhook_configs: [{ url: '${text}' }] }]`),
    );

  expect(url('http://gotify:8080/message?token=geheim').toCorrect).toEqual([
    {
      path: ['receivers', 0, 'webhook_configs', 0, 'url_file'],
      fix: expect.stringContaining('http_config'),
      problem: expect.stringMatching(/^connects to gotify:8080, but NetworkPolicies allow only port 443/),
    },
  ]);
  expect(url('https://gotify.example.com/message?token=geheim').toCorrect).toEqual([]);
});

test('does not write the text next to a variable in a credential', () => {
  const headers = (text: string) => `{ to: a@example.com, headers: { X-Token: '${text}', X-Note: '${text}' } }`;
  const config = read(
    `route: { receiver: a }\nreceivers: [{ name: a, email_configs: [${headers('geheim$' + '{PART}')}] }]`,
  );
  const { headers: written } = withoutConfigCredentials(config).config.receivers[0]?.email_configs?.[0] ?? {};

  expect(written).toEqual({ 'X-Token': '<secret>', 'X-Note': 'geheim<PART>' });
});
