// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that other programs replace.
import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { checkTemplateFiles } from '../../lib/alertmanager/checks/template-files';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import { toYaml } from '../../lib/alertmanager/config/write';
import { credentialNamed, credentialsIn, withoutCredentials } from '../../lib/credentials';
import { withoutConfigCredentials } from '../../lib/migrate/credentials';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import fc, { anyCharacter } from '../support/properties';
import { WITH_CREDENTIAL } from './texts';

test.each(WITH_CREDENTIAL)('finds the credential in %j', (text) => {
  const { text: without, found } = withoutCredentials(text);

  expect(found).toHaveLength(1);
  expect(without).not.toMatch(/geheim/);
  expect(without).toContain('<secret>');
  // Nothing is found after the replacement.
  expect(credentialsIn(without)).toEqual([]);
});

test.each([
  '/etc/alertmanager/secrets/slack/url',
  'smtp_auth_password_file: /etc/alertmanager/secrets/mail/password',
  'password: /run/secrets/password',
  'slack_api_url: ${SLACK_URL}',
  'api_url: $SLACK_URL',
  'password: ${PASSWORD}',
  'password: {{ .Values.password }}',
  'password: "<secret>"',
  'password: null',
  '{{ $password := "" }}{{ $token := "refresh" }}{{ $secret := .Labels.secret }}',
  'password: |',
  'https://hooks.slack.com/services/${SLACK_PATH}',
  'https://hooks.slack.com/services/{{ .CommonLabels.path }}',
  'https://hooks.slack.com/services/…',
  'https://hooks.slack.com/',
  'https://discord.com/channels/1/2',
  'https://example.com/a?token={{ .CommonLabels.token }}',
  'https://example.com/a?token=${TOKEN}',
  'https://grafana.example.com/d/abc?var-token=a&var-app={{ .CommonLabels.app }}&orgId=1',
  'https://example.com/search?key=ops&code=500&sort_key=date',
  'https://github.com/acme/runbooks/blob/8f14e45fceea167a5a36dedd4bea25438f14e45f/high-error-rate.md#8f14e45fceea167a',
  'https://docs.example.com/errors/#section-8f14e45fceea167a5a36dedd4bea2543',
  'https://example.com/webhooks/setting-up-the-integration',
  'image nginx@sha256:8f14e45fceea167a5a36dedd4bea25438f14e45fceea167a5a36dedd4bea2543',
  'commit 8f14e45fceea167a5a36dedd4bea25438f14e45f',
  'http://{{ .CommonLabels.user }}:{{ .CommonLabels.password }}@example.com',
  'http://user:${PASSWORD}@proxy:3128',
  'ssh://git@github.com/acme/shop.git',
  'http://proxy:3128/a:b@c',
  'someone@example.com',
  'wrong password: incorrect for user {{ $labels.user }}',
  'The token is missing or expired',
  'Bearer authentication failed',
  'Basic authentication is required',
  'the Secret is called alertmanager-credentials',
  'secret: alertmanager-tls',
  '{{ if eq .Labels.token "x" }}{{ $token := "y" }}{{ end }}',
  '{{ $labels.secret }} in {{ $labels.namespace }} expires',
  '{app="api"} |= "password=" | json',
  'kube_secret_type{secret="tls", token="a"}',
  '10.0.0.1:9093, 12:30',
])('finds no credential in %j', (text) => {
  expect(credentialsIn(text)).toEqual([]);
});

test.each([
  ['token', 'geheim', true],
  ['client_secret', 'geheim', true],
  ['api_key', 'geheim', true],
  ['auth', 'geheim', true],
  ['dedup_key', 'fixed', false],
  ['project_key', 'OPS', false],
  ['status_code', '500', false],
  ['token', '{{ .Status }}', false],
  ['token', '${TOKEN}', false],
  ['password_file', '/a/b', false],
  ['runbook', 'https://example.com/a?token=geheim', true],
])('the name %s with the value %j', (name, value, is) => {
  expect(credentialNamed(name, value) !== undefined).toBe(is);
});

test.each(['a.', 'a:', 'password', 'a=', '?token=', 'https://', 'eyJ', '-', '"', '{{', 'Bearer ', 'a@'])(
  'searches a long text of %j in linear time',
  (part) => {
    // A quadratic search would take minutes, longer than the timeout of a test.
    expect(Array.isArray(credentialsIn(part.repeat(500_000)))).toBe(true);
  },
);

/** Random tokens, with a mark that no other text has. */
const secret = fc.stringMatching(/^geheim[A-Za-z0-9]{16,24}$/).filter((text) => (text.match(/\d/g)?.length ?? 0) >= 4);
/** Text around a token. */
const prose = fc.stringMatching(/^([a-z]{1,8} ){0,4}$/);
const form = fc.constantFrom<(value: string) => string>(
  (value) => `https://hooks.slack.com/services/T0/B0/${value}`,
  (value) => `https://example.com/a?x=1&token=${value}`,
  (value) => `https://me:${value}@example.com`,
  (value) => `Authorization: Bearer ${value}`,
  (value) => `api_key=${value}`,
  (value) => `xoxb-1-${value}`,
  (value) => `https://chat.example.com/hooks/${value}`,
);
const holder = fc.record({ secret, prose, form }).map(({ secret, prose, form }) => `${prose}${form(secret)} ${prose}`);

/** Returns an alertmanager.yml with the text in a field of each kind. */
const configWith = (text: string) => ({
  global: { smtp_smarthost: 'mail.example.com:587', smtp_from: 'a@example.com' },
  route: { receiver: 'a' },
  receivers: [
    {
      name: 'a',
      slack_configs: [
        {
          api_url_file: '/etc/alertmanager/secrets/slack/url',
          channel: '#a',
          title_link: text,
          text,
          actions: [{ type: 'button', text: 'a', url: text }],
          fields: [{ title: 'a', value: text }],
        },
      ],
      email_configs: [{ to: 'a@example.com', headers: { 'X-Note': text }, html: text }],
      pagerduty_configs: [
        {
          routing_key_file: '/etc/alertmanager/secrets/pd/key',
          details: { note: text },
          links: [{ href: text, text }],
        },
      ],
      webhook_configs: [
        {
          url: 'https://example.com',
          payload: { deep: [{ note: text }] },
          http_config: {
            http_headers: { 'X-Note': { values: [text] } },
            oauth2: { client_id: 'a', client_secret_file: '/etc/a', token_url: text, endpoint_params: { note: text } },
          },
        },
      ],
    },
  ],
});

describe('a credential in any field, template, annotation or label', () => {
  test('of Alertmanager is reported by check and not written by migrate', () => {
    fc.assert(
      fc.property(holder, (text) => {
        const config = configWith(text);
        const { config: without, credentials, toCorrect } = withoutConfigCredentials(config as never);
        const found = checkAlertmanagerConfig(config as never).filter(({ id }) => id === 'inline-secret');

        expect(found).toHaveLength(13);
        expect(JSON.stringify(found)).not.toMatch(/geheim/);
        // Headers are read from a Secret.
        expect(toCorrect).toHaveLength(12);
        expect(credentials.map(({ path }) => path)).toContain(
          'receivers[0].webhook_configs[0].http_config.http_headers.X-Note.values[0]',
        );
        expect(toYaml(without) + JSON.stringify([credentials, toCorrect])).not.toMatch(/geheim/);
      }),
    );
  });

  test('of rules and template files is reported by check', () => {
    fc.assert(
      fc.property(holder, (text) => {
        const rule = {
          alert: 'A',
          expr: 'sum by (app) (rate({app="a"}[5m])) > 1',
          labels: { note: text },
          annotations: { title: text, description: text },
        };
        const rules = checkRuleFiles([{ name: 'a.yaml', groups: [{ name: 'g', rules: [rule] }] }]);
        const templates = checkTemplateFiles([{ file: 'a.tmpl', text: `{{ define "a" }}${text}{{ end }}` }]);
        const found = [...rules, ...templates].filter(({ id }) => id === 'inline-secret');

        expect(found).toHaveLength(4);
        expect(JSON.stringify(found)).not.toMatch(/geheim/);
      }),
    );
  });

  test('is not reported in harmless texts', () => {
    // fc.webUrl() without its table of all characters.
    const segments = fc.array(fc.string({ unit: anyCharacter }).map(encodeURIComponent));
    const webUrl = fc
      .tuple(fc.constantFrom('http', 'https'), fc.domain(), segments)
      .map(([scheme, host, path]) => `${scheme}://${[host, ...path].join('/')}`);
    const harmless = fc.oneof(
      prose,
      fc.constantFrom('{{ .CommonLabels.app }}', 'https://example.com/a?x={{ .Status }}', '${VARIABLE}'),
      webUrl,
    );
    fc.assert(
      fc.property(harmless, (text) => {
        const found = checkAlertmanagerConfig(configWith(text) as never).filter(({ id }) => id === 'inline-secret');
        expect(found).toEqual([]);
      }),
    );
  });
});

test.each([
  [
    'webhook_configs: [{url: "http://a", http_config: {http_headers: {X-Api-Key: {values: [geheim]}}}}]',
    'http_headers',
  ],
  ['webhook_configs: [{url: "http://a", payload: {token: geheim}}]', 'payload.token'],
  [
    'webhook_configs: [{url: "http://a", http_config: {oauth2: {client_id: a, client_secret_file: b, token_url: "https://a/?client_secret=geheim"}}}]',
    'token_url',
  ],
  [
    'webhook_configs: [{url: "http://a", http_config: {oauth2: {client_id: a, client_secret_file: b, token_url: "https://a", endpoint_params: {password: geheim}}}}]',
    'endpoint_params.password',
  ],
  ['email_configs: [{to: a@b, from: a@b, smarthost: "a:25", headers: {Authorization: Bearer geheim}}]', 'headers'],
  ['pagerduty_configs: [{routing_key_file: a, details: {api_token: geheim}}]', 'details.api_token'],
  ['opsgenie_configs: [{api_key_file: a, details: {password: geheim}}]', 'details.password'],
])('finds a credential by its name: %s', (receiver, path) => {
  const text = `route: {receiver: r}\nreceivers: [{name: r, ${receiver}}]\n`;
  const { config, positions } = readAlertmanagerConfig(text, 'a.yml');
  if (!config) throw new Error(text);
  const found = checkAlertmanagerConfig(config, { positions }).filter(({ id }) => id === 'inline-secret');

  expect(found).toEqual([
    expect.objectContaining({ subject: expect.stringContaining(path), place: expect.objectContaining({ line: 2 }) }),
  ]);
  expect(JSON.stringify(found)).not.toMatch(/geheim/);
  expect(JSON.stringify(withoutConfigCredentials(config))).not.toMatch(/geheim/);
});
