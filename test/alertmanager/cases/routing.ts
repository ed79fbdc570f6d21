import { type InvalidConfig, RECEIVER, ROUTE, withInhibition, withReceiver, withRoute } from './builders';

/** Configs with invalid routes, receivers or inhibition rules. */
export const invalidRouting: Readonly<Record<string, readonly InvalidConfig[]>> = {
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
