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
      "5:34: receiver 'r': slack_configs[0].title: is no Go template (…), so Alertmanager could not send…[template-syntax]",
  },
  {
    yaml: withReceiver('slack', '{api_url: "http://x", text: "{{ .Status | upper }}"}'),
    finding: '…upper…[template-syntax]',
  },
  {
    yaml: withReceiver('webhook', '{url: "http://x", payload: {a: [b, "{{ end }}"]}}'),
    finding: '…payload.a[1]: is no Go template (…[template-syntax]',
  },
  {
    yaml: withReceiver('email', '{to: x, from: y, smarthost: "a:1", headers: {Subject: "{{ if }}"}}'),
    finding: '…headers.Subject: is no Go template (…[template-syntax]',
  },
];

/** What Alertmanager refuses, by subject. */
export const refused: Readonly<Record<string, readonly Refused[]>> = {
  yaml: [
    { yaml: '', finding: '1:1: is empty…[alertmanager-yaml]' },
    { yaml: '# nothing\n', finding: '1:1: is empty…[alertmanager-yaml]' },
    {
      yaml: 'text\n',
      finding: '1:1: must have the fields of alertmanager.yml at its top, not a text [alertmanager-yaml]',
    },
    { yaml: '- a\n', finding: '1:1: must have the fields…not a list [alertmanager-yaml]' },
    {
      yaml: `${ROUTE}  bad indent: [\n`,
      finding: '2:1: All mapping items must start at the same column [alertmanager-yaml]',
    },
    {
      yaml: `${RECEIVER}${ROUTE}${ROUTE}`,
      finding: "3:1: the name 'route' stands here twice: remove one [alertmanager-yaml]",
    },
    {
      yaml: `${RECEIVER}route: &a {receiver: r, routes: [*a]}\n`,
      finding: '2:34: the alias *a contains itself [alertmanager-yaml]',
    },
    { yaml: `${RECEIVER}route: *a\n`, finding: '2:8:…[alertmanager-yaml]' },
    {
      yaml: withRoute('  group_by: [a?b]\n'),
      finding: '4:14: a text with ? or a colon at its start needs quotes…[alertmanager-yaml]',
    },
    { yaml: withRoute('  ? [a]\n  : b\n'), finding: '4:5: a name must be a plain text [alertmanager-yaml]' },
    {
      yaml: `${RECEIVER}${ROUTE}templates: ["\u0000"]\n`,
      finding: '3:14: holds the character U+0000…[alertmanager-yaml]',
    },
  ],
  types: [
    {
      yaml: withRoute('  continue: maybe\n'),
      finding: '4:13: route.continue: must be true or false, not "maybe" [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: {receiver: r}\n'),
      finding: '4:11: route.routes: must be a list, not fields with values [alertmanager-type]',
    },
    {
      yaml: withRoute('  routes: [null]\n'),
      finding: '4:12: route.routes[0]: is empty…[alertmanager-empty-item]',
    },
    {
      yaml: withRoute('  matchers: a=b\n'),
      finding: '4:13: route.matchers: must be a list, not "a=b" [alertmanager-type]',
    },
    {
      yaml: `${RECEIVER}route: [a]\n`,
      finding: '2:8: route: must be fields with values, not a list [alertmanager-type]',
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x, chat_id: "5"}'),
      finding: `5:34: receiver 'r': telegram_configs[0].chat_id: must be a whole number, not "5" [alertmanager-type]`,
    },
    {
      yaml: withRoute('  routes: [{match_re: {a: }}]\n'),
      finding: '4:27: route.routes[0].match_re.a: must be text, not empty [alertmanager-type]',
    },
  ],
  fields: [
    {
      yaml: withRoute('  groupwait: 30s\n'),
      finding: "4:3: route.groupwait: Alertmanager knows no field 'groupwait' here…[alertmanager-unknown-field]",
    },
    {
      yaml: withRoute('  groupwait:\n'),
      finding: '4:3: route.groupwait: Alertmanager knows no field…[alertmanager-unknown-field]',
    },
    {
      yaml: withReceiver('slak', '{channel: x}'),
      finding:
        "4:3: receiver 'r': slak_configs: Alertmanager knows no field 'slak_configs'…[alertmanager-unknown-field]",
    },
    {
      yaml: withReceiver('webhook', '{max_alerts: 1}'),
      finding: "5:5: receiver 'r': webhook_configs[0]: one of url and url_file must be set [alertmanager-fields]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", url_file: x}'),
      finding:
        "5:23: receiver 'r': webhook_configs[0].url_file: only one of url and url_file may be set…[alertmanager-fields]",
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", max_alerts: -1}'),
      finding: '…cannot be negative: 0 means no limit [alertmanager-fields]',
    },
    {
      yaml: withReceiver('slack', '{api_url_file: x, app_token_file: y}'),
      finding: '…only one of api_url, api_url_file, app_token and app_token_file…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", update_message: true}'),
      finding: '…needs a bot token…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", fields: [{title: a}]}'),
      finding: '…fields[0]: value is missing: add it [alertmanager-fields]',
    },
    {
      yaml: withReceiver('slack', '{api_url: "http://x", actions: [{type: button, text: x}]}'),
      finding: '…actions[0]: one of url and name must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('pagerduty', '{description: x}'),
      finding: '…routing_key_file…must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('email', '{from: a, smarthost: "b:1"}'),
      finding: '…to is missing: add it [alertmanager-fields]',
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: "b:1", headers: {x-a: b, X-A: c}}'),
      finding: '…has X-A twice…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: "b:1", threading: {enabled: true}}'),
      finding: '…needs thread_by_date…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x}'),
      finding: '…one of chat_id and chat_id_file must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('discord', '{title: x}'),
      finding: '…webhook_url_file and webhook_url must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('msteamsv2', '{title: x}'),
      finding: '…webhook_url_file and webhook_url must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('opsgenie', '{api_key_file: x, responders: [{type: team}]}'),
      finding: '…one of id, name and username must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('opsgenie', '{api_key_file: x, responders: [{name: a, type: boss}]}'),
      finding: '…must be one of team, teams…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('victorops', '{api_key_file: x, routing_key: y, custom_fields: {entity_id: z}}'),
      finding: '…entity_id is a field of VictorOps itself…[alertmanager-value]',
    },
    { yaml: withReceiver('webex', '{room_id: x}'), finding: '…needs authorization…[alertmanager-fields]' },
    {
      yaml: withReceiver('sns', '{topic_arn: x, target_arn: y}'),
      finding: '…exactly one of topic_arn…[alertmanager-fields]',
    },
    {
      yaml: withReceiver('pushover', '{user_key_file: x}'),
      finding: '…one of token_file and token must be set [alertmanager-fields]',
    },
    {
      yaml: withReceiver('jira', '{api_url: "http://x", project: a}'),
      finding: '…issue_type is missing: add it [alertmanager-fields]',
    },
    {
      yaml: withHttp('{basic_auth: {username: a}, authorization: {credentials_file: b}}'),
      finding: '…only one of basic_auth, authorization, oauth2…[alertmanager-fields]',
    },
    { yaml: withHttp('{authorization: {type: Basic}}'), finding: '…cannot be Basic…[alertmanager-fields]' },
    { yaml: withHttp('{tls_config: {cert_file: a}}'), finding: '…belong together…[alertmanager-fields]' },
    { yaml: withHttp('{no_proxy: a}'), finding: '…needs proxy_url beside it [alertmanager-fields]' },
    {
      yaml: withHttp('{http_headers: {Host: {values: [a]}}}'),
      finding: '…the header Host is set by the HTTP client itself…[alertmanager-value]',
    },
    { yaml: withHttp('{oauth2: {client_id: a}}'), finding: '…token_url is missing: add it [alertmanager-fields]' },
    {
      yaml: `global: {slack_app_token_file: a, slack_api_url_file: b}\n${ROUTE}${RECEIVER}`,
      finding: '1:9: global: has both a Slack webhook and a Slack app token…[alertmanager-fields]',
    },
    {
      yaml: withRoute("  group_by: [a, '...']\n"),
      finding: "4:3: route.group_by: has '...', all labels…[alertmanager-fields]",
    },
    {
      yaml: withRoute('  group_by: [a, b, a]\n'),
      finding: '4:3: route.group_by: names a label twice…[alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}receivers: [{labels: {a: b}}]\n`,
      finding: '2:13: receivers[0]: name is missing: add it [alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}receivers: [{name: r, labels: {name: x}}]\n`,
      finding: "…has a label 'name'…[alertmanager-fields]",
    },
    {
      yaml: `${ROUTE}${RECEIVER}time_intervals: [{time_intervals: []}]\n`,
      finding: '…name is missing: add it [alertmanager-fields]',
    },
    {
      yaml: withTimes('times: [{start_time: "17:00", end_time: "09:00"}]'),
      finding: '…must be after start_time…[alertmanager-fields]',
    },
    {
      yaml: `${ROUTE}${RECEIVER}tracing: {insecure: true}\n`,
      finding: '…endpoint is missing: add it [alertmanager-fields]',
    },
  ],
  values: [
    {
      yaml: withRoute('  group_wait: 1.5m\n'),
      finding: '4:15: route.group_wait: "1.5m" is no duration…[alertmanager-value]',
    },
    {
      yaml: withRoute('  group_interval: 0s\n'),
      finding: '4:19: route.group_interval: cannot be zero: write for instance 5m [alertmanager-value]',
    },
    {
      yaml: withRoute('  repeat_interval: 1m1h\n'),
      finding: '4:20: route.repeat_interval: "1m1h" is no duration…[alertmanager-value]',
    },
    {
      yaml: withRoute('  group_by: [""]\n'),
      finding: '4:14: route.group_by[0]: "" is no label name [alertmanager-value]',
    },
    {
      yaml: withRoute('  routes: [{match: {a-b: c}}]\n'),
      finding: '4:21: route.routes[0].match.a-b: "a-b" is no label name here…[alertmanager-value]',
    },
    {
      yaml: withRoute("  routes: [{match_re: {a: '('}}]\n"),
      finding: '4:27: route.routes[0].match_re.a: "(" is no RE2 regular expression…[alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: x}'),
      finding: '…the URL does not begin with http:// or https://…[alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: "ftp://x/"}'),
      finding: '…the URL does not begin with http:// or https://…[alertmanager-value]',
    },
    { yaml: withReceiver('webhook', '{url: "http://"}'), finding: '…the URL has no host…[alertmanager-value]' },
    {
      yaml: withReceiver('webhook', '{url: "http://a b/"}'),
      finding: '…the URL has a character in its host name…[alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: "http://a:b/"}'),
      finding: '…the URL has a port that is no number…[alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: "http://a/%zz"}'),
      finding: '…the URL has a % that is followed by…[alertmanager-value]',
    },
    {
      yaml: withReceiver('webhook', '{url: "http://x", timeout: 5 minutes}'),
      finding: '…"5 minutes" is no duration…[alertmanager-value]',
    },
    {
      yaml: withReceiver('email', '{to: x, from: a, smarthost: mail.example.com}'),
      finding: '…"mail.example.com" is no address: write host:port…[alertmanager-value]',
    },
    {
      yaml: withReceiver('telegram', '{bot_token_file: x, chat_id: 5, parse_mode: Text}'),
      finding: '…"Text" is not one of "Markdown"…[alertmanager-value]',
    },
    {
      yaml: withReceiver('jira', '{api_url: "http://x", project: a, issue_type: b, api_type: c}'),
      finding: '…"c" is not one of "auto"…[alertmanager-value]',
    },
    {
      yaml: withHttp('{tls_config: {min_version: TLS14}}'),
      finding: '…"TLS14" is not one of "TLS10"…[alertmanager-value]',
    },
    {
      yaml: withTimes('times: [{start_time: "9:00", end_time: "10:00"}]'),
      finding: '…"9:00" is no time: write HH:MM, up to 24:00 [alertmanager-value]',
    },
    { yaml: withTimes('weekdays: [mon]'), finding: '…"mon" is no range…[alertmanager-value]' },
    {
      yaml: withTimes('days_of_month: ["32"]'),
      finding: '…"32" begins after its end, or is out of range…[alertmanager-value]',
    },
    { yaml: withTimes('days_of_month: ["-1:1"]'), finding: '…[alertmanager-value]' },
    { yaml: withTimes('months: [december:may]'), finding: '…[alertmanager-value]' },
    { yaml: withTimes('years: ["2027:2026"]'), finding: '…[alertmanager-value]' },
    {
      yaml: withTimes('location: Europe/Bielefeld'),
      finding: '…"Europe/Bielefeld" is no time zone…[alertmanager-value]',
    },
  ],
  routes: [
    { yaml: RECEIVER, finding: '1:1: has no route…[route-root]' },
    { yaml: `${RECEIVER}route: {group_by: [a]}\n`, finding: '2:8: route: needs a receiver…[route-root]' },
    {
      yaml: withRoute('  matchers: [a="b"]\n'),
      finding: '4:3: route.matchers: the root route takes every alert…[route-root]',
    },
    { yaml: withRoute('  match: {a: b}\n'), finding: '4:3: route.match:…[route-root]' },
    { yaml: withRoute('  continue: true\n'), finding: '4:3: route.continue:…[route-root]' },
    { yaml: withRoute('  mute_time_intervals: [x]\n'), finding: '4:3: route.mute_time_intervals:…[route-root]' },
    {
      yaml: withRoute('  routes: [{receiver: x}]\n'),
      finding: "4:23: route.routes[0].receiver: the receiver 'x' does not exist…[route-undefined-receiver]",
    },
    {
      yaml: withRoute('  routes: [{mute_time_intervals: [x]}]\n'),
      finding:
        "4:35: route.routes[0].mute_time_intervals[0]: the time interval 'x' does not exist…[route-undefined-interval]",
    },
    {
      yaml: `${ROUTE}receivers: [{name: r}, {name: r}]\n`,
      finding: "2:31: receiver 'r': name: there are two of the name 'r'…[alertmanager-duplicate-name]",
    },
    {
      yaml: `${ROUTE}${RECEIVER}time_intervals: [{name: t}, {name: t}]\n`,
      finding: "3:36: time_intervals[1].name: there are two of the name 't'…[alertmanager-duplicate-name]",
    },
  ],
  receivers: [
    {
      yaml: withReceiver('slack', '{channel: x}'),
      finding:
        "5:5: receiver 'r': slack_configs[0]: Alertmanager would not start without api_url_file…[receiver-incomplete]",
    },
    {
      yaml: withReceiver('email', '{to: x, from: y}'),
      finding: '…would not start without smarthost: add it here, or global.smtp_smarthost [receiver-incomplete]',
    },
    {
      yaml: withReceiver('opsgenie', '{message: x}'),
      finding: '…would not start without api_key_file…[receiver-incomplete]',
    },
    {
      yaml: withReceiver('telegram', '{chat_id: 5}'),
      finding: '…would not start without bot_token_file…[receiver-incomplete]',
    },
    {
      yaml: withReceiver('jira', '{project: a, issue_type: b}'),
      finding: '…would not start without api_url: add it here, or global.jira_api_url [receiver-incomplete]',
    },
    {
      yaml: withReceiver('slack', '{app_token_file: x, http_config: {authorization: {credentials_file: y}}}'),
      finding: '…has an authorization of its own beside the Slack app token…[receiver-incomplete]',
    },
  ],
  matchers: ['a', '="b"', 'a="b', 'a=~"("', 'a="b"}x', 'a="b" c="d"', 'a=b"c"', '1a="\\xff"', ',a=b'].map((line) => ({
    yaml: withRoute(`  routes: [{matchers: [${JSON.stringify(line)}]}]\n`),
    finding: '4:24: route.routes[0].matchers[0]: Alertmanager cannot read this matcher…[matcher-syntax]',
  })),
  templates: [
    {
      yaml: withReceiver('webhook', '{url: "http://x/{{ .GroupLabels.a"}'),
      finding: '…is no Go template (…), and Alertmanager would not start…[alertmanager-value]',
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
      finding: '3:26: inhibit_rules[0].equal[0]: "" is no label name [alertmanager-value]',
    },
  ],
};
