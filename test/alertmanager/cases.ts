/** A file that Alertmanager refuses, and how its first finding reads here. */
export interface Refused {
  readonly yaml: string;
  /** `line:column: subject: message [id]`, or its beginning and end around `…`. */
  readonly finding: string;
}

const RECEIVER = 'receivers: [{name: r}]\n';
const ROUTE = 'route: {receiver: r}\n';

const withRoute = (fields: string) => `${RECEIVER}route:\n  receiver: r\n${fields}`;
const withReceiver = (kind: string, fields: string) =>
  `${ROUTE}receivers:\n- name: r\n  ${kind}_configs:\n  - ${fields}\n`;
const withHttp = (fields: string) => withReceiver('webhook', `{url: "http://x", http_config: ${fields}}`);
const withTimes = (fields: string) => `${ROUTE}${RECEIVER}time_intervals: [{name: t, time_intervals: [{${fields}}]}]\n`;
const withInhibition = (fields: string) => `${ROUTE}${RECEIVER}inhibit_rules: [{${fields}}]\n`;

/** Templates that Alertmanager parses only when it must notify; here they are errors at once. */
export const badTemplates: readonly Refused[] = [
  {
    yaml: withReceiver('slack', '{api_url: "http://x", title: "{{ .Status"}'),
    finding:
      "5:34: receiver 'r': slack_configs[0].title: invalid template: unclosed action: end it with }}, so no notification can be sent: correct it [template-syntax]",
  },
  {
    yaml: withReceiver('slack', '{api_url: "http://x", text: "{{ .Status | upper }}"}'),
    finding: '…upper…[template-syntax]',
  },
  {
    yaml: withReceiver('webhook', '{url: "http://x", payload: {a: [b, "{{ end }}"]}}'),
    finding:
      "5:40: receiver 'r': webhook_configs[0].payload.a[1]: invalid template: unexpected {{end}}: no block is open here, so no notification can be sent: correct it [template-syntax]",
  },
  {
    yaml: withReceiver('email', '{to: x, from: y, smarthost: "a:1", headers: {Subject: "{{ if }}"}}'),
    finding:
      "5:59: receiver 'r': email_configs[0].headers.Subject: invalid template: missing value for if, so no notification can be sent: correct it [template-syntax]",
  },
];

/** What Alertmanager refuses, by subject. */
export const refused: Readonly<Record<string, readonly Refused[]>> = {
  yaml: [
    { yaml: '', finding: '1:1: empty file: add at least a route and its receiver [alertmanager-yaml]' },
    { yaml: '# nothing\n', finding: '1:1: empty file: add at least a route and its receiver [alertmanager-yaml]' },
    {
      yaml: 'text\n',
      finding: '1:1: expected a map, got a string: add route and receivers [alertmanager-yaml]',
    },
    { yaml: '- a\n', finding: '1:1: expected a map, got a list: add route and receivers [alertmanager-yaml]' },
    {
      yaml: `${ROUTE}  bad indent: [\n`,
      finding: '2:1: invalid YAML: all mapping items must start at the same column [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}${ROUTE}${ROUTE}`,
      finding: '3:1: duplicate key "route": remove one of the two [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}route: &a {receiver: r, routes: [*a]}\n`,
      finding: '2:34: invalid YAML: alias *a contains itself: write the values out [alertmanager-yaml]',
    },
    { yaml: `${RECEIVER}route: *a\n`, finding: '2:8:…[alertmanager-yaml]' },
    {
      yaml: withRoute('  group_by: [a?b]\n'),
      finding: '4:14: invalid YAML: unquoted "?" or leading ":" inside [ ] or { }: quote it: "a?b" [alertmanager-yaml]',
    },
    {
      yaml: withRoute('  ? [a]\n  : b\n'),
      finding: '4:5: expected a string as the key: write a plain key [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}${ROUTE}templates: ["\u0000"]\n`,
      finding: '3:14: invalid YAML: character U+0000 is not allowed: remove it; is it a text file? [alertmanager-yaml]',
    },
  ],
  types: [
    {
      yaml: withRoute('  continue: maybe\n'),
      finding: '4:13: route.continue: expected true or false, got "maybe" [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: {receiver: r}\n'),
      finding: '4:11: route.routes: expected a list, got a map [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: [null]\n'),
      finding: '4:12: route.routes[0]: empty item: write the item, or remove its "-" [alertmanager-empty-item]',
    },
    {
      yaml: withRoute('  matchers: a=b\n'),
      finding: '4:13: route.matchers: expected a list, got "a=b" [alertmanager-type]',
    },
    {
      yaml: `${RECEIVER}route: [a]\n`,
      finding: '2:8: route: expected a map, got a list [alertmanager-type]',
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x, chat_id: "5"}'),
      finding: `5:34: receiver 'r': telegram_configs[0].chat_id: expected an integer, got "5" [alertmanager-type]`,
    },
    {
      yaml: withRoute('  routes: [{match_re: {a: }}]\n'),
      finding: '4:27: route.routes[0].match_re.a: expected a string, got nothing [alertmanager-type]',
    },
  ],
  fields: [
    {
      yaml: withRoute('  groupwait: 30s\n'),
      finding: `4:3: route.groupwait: unknown field "groupwait": correct the name, or remove it; did you mean 'group_wait'? [alertmanager-unknown-field]`,
    },
    {
      yaml: withRoute('  groupwait:\n'),
      finding: `4:3: route.groupwait: unknown field "groupwait": correct the name, or remove it; did you mean 'group_wait'? [alertmanager-unknown-field]`,
    },
    {
      yaml: withReceiver('slak', '{channel: x}'),
      finding: `4:3: receiver 'r': slak_configs: unknown field "slak_configs": correct the name, or remove it; did you mean 'slack_configs'? [alertmanager-unknown-field]`,
    },
    {
      yaml: withReceiver('webhook', '{max_alerts: 1}'),
      finding:
        "5:5: receiver 'r': webhook_configs[0]: none of url and url_file is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", url_file: x}'),
      finding:
        "5:23: receiver 'r': webhook_configs[0].url_file: only one of url and url_file is supported: remove the others [alertmanager-fields]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", max_alerts: -1}'),
      finding:
        "5:23: receiver 'r': webhook_configs[0].max_alerts: negative number: use 0 for no limit [alertmanager-fields]",
    },
    {
      yaml: withReceiver('slack', '{api_url_file: x, app_token_file: y}'),
      finding: '…only one of api_url, api_url_file, app_token and app_token_file…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", update_message: true}'),
      finding:
        "5:27: receiver 'r': slack_configs[0].update_message: requires a bot token: set app_token_file instead of the webhook [alertmanager-fields]",
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", fields: [{title: a}]}'),
      finding: `5:36: receiver 'r': slack_configs[0].fields[0]: missing field "value": add it [alertmanager-fields]`,
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", actions: [{type: button, text: x}]}'),
      finding:
        "5:37: receiver 'r': slack_configs[0].actions[0]: none of url and name is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('pagerduty', '{description: x}'),
      finding:
        "5:5: receiver 'r': pagerduty_configs[0]: none of routing_key_file, service_key_file, routing_key and service_key is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('email', '{from: a, smarthost: "b:1"}'),
      finding: `5:5: receiver 'r': email_configs[0]: missing field "to": add it [alertmanager-fields]`,
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: "b:1", headers: {x-a: b, X-A: c}}'),
      finding: `5:40: receiver 'r': email_configs[0].headers: duplicate header "X-A" in another spelling: remove one of the two [alertmanager-fields]`,
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: "b:1", threading: {enabled: true}}'),
      finding: `5:40: receiver 'r': email_configs[0].threading: missing field "thread_by_date": set it to none or daily [alertmanager-fields]`,
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x}'),
      finding:
        "5:5: receiver 'r': telegram_configs[0]: none of chat_id and chat_id_file is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('discord', '{title: x}'),
      finding: '…none of webhook_url_file and webhook_url is set: set one of them [alertmanager-fields]',
    },
    {
      yaml: withReceiver('msteamsv2', '{title: x}'),
      finding: '…none of webhook_url_file and webhook_url is set: set one of them [alertmanager-fields]',
    },
    {
      yaml: withReceiver('opsgenie', '{api_key_file: x, responders: [{type: team}]}'),
      finding:
        "5:36: receiver 'r': opsgenie_configs[0].responders[0]: none of id, name and username is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('opsgenie', '{api_key_file: x, responders: [{name: a, type: boss}]}'),
      finding:
        "5:46: receiver 'r': opsgenie_configs[0].responders[0].type: unknown type: use one of team, teams, user, escalation, schedule [alertmanager-fields]",
    },
    {
      yaml: withReceiver('victorops', '{api_key_file: x, routing_key: y, custom_fields: {entity_id: z}}'),
      finding: `5:55: receiver 'r': victorops_configs[0].custom_fields.entity_id: "entity_id" is a reserved field of VictorOps: rename it [alertmanager-value]`,
    },
    {
      yaml: withReceiver('webex', '{room_id: x}'),
      finding:
        "5:5: receiver 'r': webex_configs[0].http_config: missing authorization with the bot token: add http_config.authorization.credentials_file [alertmanager-fields]",
    },
    {
      yaml: withReceiver('sns', '{topic_arn: x, target_arn: y}'),
      finding:
        "5:5: receiver 'r': sns_configs[0]: only one of topic_arn, target_arn and phone_number is supported: remove the others [alertmanager-fields]",
    },
    {
      yaml: withReceiver('pushover', '{user_key_file: x}'),
      finding:
        "5:5: receiver 'r': pushover_configs[0]: none of token_file and token is set: set one of them [alertmanager-fields]",
    },
    {
      yaml: withReceiver('jira', '{api_url: "http://x", project: a}'),
      finding: `5:5: receiver 'r': jira_configs[0]: missing field "issue_type": add it [alertmanager-fields]`,
    },
    {
      yaml: withHttp('{basic_auth: {username: a}, authorization: {credentials_file: b}}'),
      finding: '…only one of basic_auth, authorization, oauth2…[alertmanager-fields]',
    },
    {
      yaml: withHttp('{authorization: {type: Basic}}'),
      finding: `5:53: receiver 'r': webhook_configs[0].http_config.authorization.type: unsupported type "Basic": use basic_auth instead of authorization [alertmanager-fields]`,
    },
    {
      yaml: withHttp('{tls_config: {cert_file: a}}'),
      finding:
        "5:49: receiver 'r': webhook_configs[0].http_config.tls_config: only one of cert_file and key_file is set: set both, or neither [alertmanager-fields]",
    },
    {
      yaml: withHttp('{no_proxy: a}'),
      finding:
        "5:37: receiver 'r': webhook_configs[0].http_config.no_proxy: has no effect without proxy_url: set it too [alertmanager-fields]",
    },
    {
      yaml: withHttp('{http_headers: {Host: {values: [a]}}}'),
      finding: `5:52: receiver 'r': webhook_configs[0].http_config.http_headers.Host: header "Host" is set by the HTTP client: remove it [alertmanager-value]`,
    },
    {
      yaml: withHttp('{oauth2: {client_id: a}}'),
      finding: `5:45: receiver 'r': webhook_configs[0].http_config.oauth2: missing field "token_url": add it [alertmanager-fields]`,
    },
    {
      yaml: `global: {slack_app_token_file: a, slack_api_url_file: b}\n${ROUTE}${RECEIVER}`,
      finding:
        '1:9: global: both a Slack webhook and a Slack app token are set: keep slack_api_url_file or slack_app_token_file [alertmanager-fields]',
    },
    {
      yaml: withRoute("  group_by: [a, '...']\n"),
      finding:
        '4:3: route.group_by: "..." (all labels) cannot be combined with other labels: remove it, or the others [alertmanager-fields]',
    },
    {
      yaml: withRoute('  group_by: [a, b, a]\n'),
      finding: '4:3: route.group_by: duplicate label: remove one of the two [alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}receivers: [{labels: {a: b}}]\n`,
      finding: '2:13: receivers[0]: missing field "name": add it [alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}receivers: [{name: r, labels: {name: x}}]\n`,
      finding: `2:23: receiver 'r': labels: label "name" differs from the name of the receiver: remove it [alertmanager-fields]`,
    },
    {
      yaml: `${ROUTE}${RECEIVER}time_intervals: [{time_intervals: []}]\n`,
      finding: '3:18: time_intervals[0]: missing field "name": add it [alertmanager-fields]',
    },
    {
      yaml: withTimes('times: [{start_time: "17:00", end_time: "09:00"}]'),
      finding:
        '3:76: time_intervals[0].time_intervals[0].times[0].end_time: must be after start_time: use a later time; for times across midnight, use two ranges, to 24:00 and from 00:00 [alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}${RECEIVER}tracing: {insecure: true}\n`,
      finding: '3:10: tracing: missing field "endpoint": add it [alertmanager-fields]',
    },
  ],
  values: [
    {
      yaml: withRoute('  group_wait: 1.5m\n'),
      finding:
        '4:15: route.group_wait: invalid duration "1.5m": use whole numbers with units, e.g. 30s, 5m or 1h30m [alertmanager-value]',
    },
    {
      yaml: withRoute('  group_interval: 0s\n'),
      finding: '4:19: route.group_interval: must be longer than 0: use e.g. 5m [alertmanager-value]',
    },
    {
      yaml: withRoute('  repeat_interval: 1m1h\n'),
      finding:
        '4:20: route.repeat_interval: invalid duration "1m1h": use whole numbers with units, e.g. 30s, 5m or 1h30m [alertmanager-value]',
    },
    {
      yaml: withRoute('  group_by: [""]\n'),
      finding: '4:14: route.group_by[0]: invalid label name "": use any UTF-8 text [alertmanager-value]',
    },
    {
      yaml: withRoute('  routes: [{match: {a-b: c}}]\n'),
      finding:
        '4:21: route.routes[0].match.a-b: invalid label name "a-b": use letters, digits and _, or move it to matchers [alertmanager-value]',
    },
    {
      yaml: withRoute("  routes: [{match_re: {a: '('}}]\n"),
      finding:
        '4:27: route.routes[0].match_re.a: invalid regular expression "(": error parsing regexp: missing closing ): `^(?:()$`: use the syntax of RE2 [alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: x}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it does not begin with http:// or https://: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "ftp://x/"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it does not begin with http:// or https://: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it has no host: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://a b/"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it has an invalid character in its host name: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://a:b/"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it has an invalid port: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://a/%zz"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid URL: it has a % that is not followed by two hexadecimal digits: use e.g. https://example.com/path [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", timeout: 5 minutes}'),
      finding: `5:32: receiver 'r': webhook_configs[0].timeout: invalid duration "5 minutes": use e.g. 10s or 1m30s [alertmanager-value]`,
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: mail.example.com}'),
      finding: `5:33: receiver 'r': email_configs[0].smarthost: invalid address "mail.example.com": use host:port, e.g. smtp.example.com:587 [alertmanager-value]`,
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x, chat_id: 5, parse_mode: Text}'),
      finding: `5:49: receiver 'r': telegram_configs[0].parse_mode: unknown value "Text": use one of "Markdown", "MarkdownV2", "HTML", "" [alertmanager-value]`,
    },
    {
      yaml: withReceiver('jira', '{api_url: "http://x", project: a, issue_type: b, api_type: c}'),
      finding: `5:64: receiver 'r': jira_configs[0].api_type: unknown value "c": use one of "auto", "cloud", "datacenter" [alertmanager-value]`,
    },
    {
      yaml: withHttp('{tls_config: {min_version: TLS14}}'),
      finding: `5:63: receiver 'r': webhook_configs[0].http_config.tls_config.min_version: unknown value "TLS14": use one of "TLS10", "TLS11", "TLS12", "TLS13" [alertmanager-value]`,
    },
    {
      yaml: withTimes('times: [{start_time: "9:00", end_time: "10:00"}]'),
      finding: '…invalid time "9:00": use HH:MM, up to 24:00 [alertmanager-value]',
    },
    {
      yaml: withTimes('weekdays: [mon]'),
      finding:
        '3:57: time_intervals[0].time_intervals[0].weekdays[0]: invalid range "mon": use e.g. monday:friday [alertmanager-value]',
    },
    {
      yaml: withTimes('days_of_month: ["32"]'),
      finding:
        '3:62: time_intervals[0].time_intervals[0].days_of_month[0]: range "32" starts after its end, or is out of bounds: use e.g. 1:5, or -3:-1 from the end of the month [alertmanager-value]',
    },
    { yaml: withTimes('days_of_month: ["-1:1"]'), finding: '…[alertmanager-value]' },
    { yaml: withTimes('months: [december:may]'), finding: '…[alertmanager-value]' },
    { yaml: withTimes('years: ["2027:2026"]'), finding: '…[alertmanager-value]' },
    {
      yaml: withTimes('location: Europe/Bielefeld'),
      finding:
        '3:56: time_intervals[0].time_intervals[0].location: unknown time zone "Europe/Bielefeld": use e.g. Europe/Berlin [alertmanager-value]',
    },
  ],
  routes: [
    { yaml: RECEIVER, finding: '1:1: missing field "route": add the root route with a default receiver [route-root]' },
    {
      yaml: `${RECEIVER}route: {group_by: [a]}\n`,
      finding:
        '2:8: route: missing field "receiver": add the receiver of all alerts that no other route takes [route-root]',
    },
    {
      yaml: withRoute('  matchers: [a="b"]\n'),
      finding:
        '4:3: route.matchers: field "matchers" is not supported in the root route: move it to a child route [route-root]',
    },
    { yaml: withRoute('  match: {a: b}\n'), finding: '4:3: route.match:…[route-root]' },
    { yaml: withRoute('  continue: true\n'), finding: '4:3: route.continue:…[route-root]' },
    { yaml: withRoute('  mute_time_intervals: [x]\n'), finding: '4:3: route.mute_time_intervals:…[route-root]' },
    {
      yaml: withRoute('  routes: [{receiver: x}]\n'),
      finding: `4:23: route.routes[0].receiver: undefined receiver "x": add it to receivers, or correct the name; did you mean 'r'? [route-undefined-receiver]`,
    },
    {
      yaml: withRoute('  routes: [{mute_time_intervals: [x]}]\n'),
      finding:
        '4:35: route.routes[0].mute_time_intervals[0]: undefined time interval "x": add it to time_intervals, or correct the name [route-undefined-interval]',
    },
    {
      yaml: `${ROUTE}receivers: [{name: r}, {name: r}]\n`,
      finding: '2:31: receiver \'r\': name: duplicate receiver "r"…[alertmanager-duplicate-name]',
    },
    {
      yaml: `${ROUTE}${RECEIVER}time_intervals: [{name: t}, {name: t}]\n`,
      finding: '3:36: time_intervals[1].name: duplicate time interval "t"…[alertmanager-duplicate-name]',
    },
  ],
  receivers: [
    {
      yaml: withReceiver('slack', '{channel: x}'),
      finding: `5:5: receiver 'r': slack_configs[0]: missing field "api_url_file": add it, or global.slack_api_url_file [receiver-incomplete]`,
    },
    {
      yaml: withReceiver('email', '{to: x, from: y}'),
      finding: `5:5: receiver 'r': email_configs[0]: missing field "smarthost": add it, or global.smtp_smarthost [receiver-incomplete]`,
    },
    {
      yaml: withReceiver('opsgenie', '{message: x}'),
      finding: `5:5: receiver 'r': opsgenie_configs[0]: missing field "api_key_file": add it, or global.opsgenie_api_key_file [receiver-incomplete]`,
    },
    {
      yaml: withReceiver('telegram', '{chat_id: 5}'),
      finding: `5:5: receiver 'r': telegram_configs[0]: missing field "bot_token_file": add it, or global.telegram_bot_token_file [receiver-incomplete]`,
    },
    {
      yaml: withReceiver('jira', '{project: a, issue_type: b}'),
      finding: `5:5: receiver 'r': jira_configs[0]: missing field "api_url": add it, or global.jira_api_url [receiver-incomplete]`,
    },
    {
      yaml: withReceiver('slack', '{app_token_file: x, http_config: {authorization: {credentials_file: y}}}'),
      finding:
        "5:5: receiver 'r': slack_configs[0]: http_config.authorization cannot be combined with a Slack app token, which is sent as authorization: remove http_config.authorization [receiver-incomplete]",
    },
  ],
  matchers: ['a', '="b"', 'a="b', 'a=~"("', 'a="b"}x', 'a="b" c="d"', 'a=b"c"', '1a="\\xff"', ',a=b'].map((line) => ({
    yaml: withRoute(`  routes: [{matchers: [${JSON.stringify(line)}]}]\n`),
    finding: '4:24: route.routes[0].matchers[0]: invalid matcher…[matcher-syntax]',
  })),
  templates: [
    {
      yaml: withReceiver('webhook', '{url: "http://x/{{ .GroupLabels.a"}'),
      finding:
        "5:11: receiver 'r': webhook_configs[0].url: invalid template: unclosed action: end it with }}: correct it; the functions of Alertmanager are not supported here [alertmanager-value]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x/{{ .GroupLabels.a | toUpper }}"}'),
      finding: '…toUpper…[alertmanager-value]',
    },
    {
      yaml: withReceiver('opsgenie', '{api_key_file: x, responders: [{name: a, type: "{{/* x }}team"}]}'),
      finding: '…[alertmanager-value]',
    },
  ],
  inhibition: [
    {
      yaml: withInhibition('source_matchers: ["a"], equal: [x]'),
      finding: '3:36: inhibit_rules[0].source_matchers[0]:…[matcher-syntax]',
    },
    {
      yaml: withInhibition('target_match_re: {a: "["}, equal: [x]'),
      finding: '3:39: inhibit_rules[0].target_match_re.a:…[alertmanager-value]',
    },
    {
      yaml: withInhibition('equal: [""]'),
      finding: '3:26: inhibit_rules[0].equal[0]: invalid label name "": use any UTF-8 text [alertmanager-value]',
    },
  ],
};
