import { type InvalidConfig, RECEIVER, ROUTE, withHttp, withReceiver, withRoute, withTimes } from './builders';

/** Configs with unknown, missing or contradicting fields. */
export const invalidFields: Readonly<Record<string, readonly InvalidConfig[]>> = {
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
};
