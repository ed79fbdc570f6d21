import { type InvalidConfig, withHttp, withReceiver, withRoute, withTimes } from './builders';

/** Configs with values of the right type that are invalid. */
export const invalidValues: Readonly<Record<string, readonly InvalidConfig[]>> = {
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
  matchers: ['a', '="b"', 'a="b', 'a=~"("', 'a="b"}x', 'a="b" c="d"', 'a=b"c"', '1a="\\xff"', ',a=b'].map((line) => ({
    yaml: withRoute(`  routes: [{matchers: [${JSON.stringify(line)}]}]\n`),
    finding: '4:24: route.routes[0].matchers[0]: invalid matcher…[matcher-syntax]',
  })),
};
