import { type InvalidConfig, withReceiver } from './builders';

/** Templates that Alertmanager parses when it starts. */
export const invalidAtStartup: Readonly<Record<string, readonly InvalidConfig[]>> = {
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
};

/** Templates that Alertmanager only parses when it notifies. */
export const invalidTemplates: readonly InvalidConfig[] = [
  {
    yaml: withReceiver('slack', '{api_url: "http://x", title: "{{ .Status"}'),
    finding:
      "5:34: receiver 'r': slack_configs[0].title: invalid template: unclosed action: end it with }}, so Slack shows a message that is blank from there on, and Alertmanager logs nothing: correct it [template-syntax]",
  },
  {
    yaml: withReceiver('slack', '{api_url: "http://x", text: "{{ .Status | upper }}"}'),
    finding: '…upper…[template-syntax]',
  },
  {
    yaml: withReceiver('webhook', '{url: "http://x", payload: {a: [b, "{{ end }}"]}}'),
    finding:
      "5:40: receiver 'r': webhook_configs[0].payload.a[1]: invalid template: unexpected {{end}}: no block is open here, so no notification is sent: correct it [template-syntax]",
  },
  {
    yaml: withReceiver('email', '{to: x, from: y, smarthost: "a:1", headers: {Subject: "{{ if }}"}}'),
    finding:
      "5:59: receiver 'r': email_configs[0].headers.Subject: invalid template: missing value for if, so no notification is sent: correct it [template-syntax]",
  },
];
