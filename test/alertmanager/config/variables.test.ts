// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that Alertmanager does not replace.
import { findingsOf } from '../verdict';

const found = (integration: string) =>
  findingsOf(`route: { receiver: r }\nreceivers: [{ name: r, ${integration} }]\n`).map(
    ({ id, path, problem }) => `${path.at(-1)}: ${/"[^"]*"/.exec(problem)?.[0]} [${id}]`,
  );

test.each([
  ["slack_configs: [{ api_url_file: x, channel: '${CHANNEL}' }]", 'channel: "${CHANNEL}" [alertmanager-variable]'],
  ["slack_configs: [{ api_url_file: x, channel: '#team-$TEAM' }]", undefined],
  ['slack_configs: [{ api_url_file: x, channel: __CHANNEL__ }]', 'channel: "__CHANNEL__" [alertmanager-variable]'],
  ["slack_configs: [{ api_url_file: x, text: 'host ${HOST}' }]", 'text: "${HOST}" [alertmanager-variable]'],
  ["slack_configs: [{ api_url_file: x, text: 'costs $5, __bold__, 100%' }]", undefined],
  ["slack_configs: [{ api_url_file: x, text: '{{ range $X := .Alerts }}{{ $X.Status }}{{ end }}' }]", undefined],
  ["slack_configs: [{ api_url_file: x, text: '{{ reReplaceAll `(a)` `${1}b` .Status }}' }]", undefined],
  [
    'slack_configs: [{ api_url: "https://hooks.slack.com/services/${PATH}" }]',
    'api_url: "${PATH}" [alertmanager-variable]',
  ],
  ['slack_configs: [{ api_url: $SLACK_URL }]', 'api_url: "$SLACK_URL" [alertmanager-value]'],
  ['slack_configs: [{ api_url: "{{ .Values.url }}" }]', 'api_url: "{{ .Values.url }}" [alertmanager-value]'],
  [
    "email_configs: [{ to: 'a@example.com, $ONCALL', from: x, smarthost: 'x:25' }]",
    'to: "$ONCALL" [alertmanager-variable]',
  ],
  ["email_configs: [{ to: a, from: x, smarthost: '$(HOST):25' }]", 'smarthost: "$(HOST)" [alertmanager-variable]'],
  [
    "email_configs: [{ to: a, from: x, smarthost: 'x:25', auth_password: '%PASS%' }]",
    'auth_password: "%PASS%" [alertmanager-variable]',
  ],
  ["telegram_configs: [{ bot_token: '${TOKEN}', chat_id: 1 }]", 'bot_token: "${TOKEN}" [alertmanager-variable]'],
  ["telegram_configs: [{ bot_token_file: x, chat_id: '${CHAT}' }]", 'chat_id: "${CHAT}" [alertmanager-type]'],
  [
    "pagerduty_configs: [{ routing_key: '{{ .Values.key }}' }]",
    'routing_key: "{{ .Values.key }}" [alertmanager-variable]',
  ],
  ["opsgenie_configs: [{ api_key: '{{ .CommonLabels.key }}' }]", 'api_key: undefined [inline-secret]'],
  ["webhook_configs: [{ url: 'http://x/?token=${TOKEN}' }]", 'url: "${TOKEN}" [alertmanager-variable]'],
  ["webhook_configs: [{ url: 'http://x/%20a' }]", undefined],
  ["webhook_configs: [{ url: 'http://x', payload: { a: ['${B}'] } }]", '0: "${B}" [alertmanager-variable]'],
])('%s', (integration, expected) => {
  expect(found(integration)).toEqual(expected === undefined ? [] : [expected]);
});
