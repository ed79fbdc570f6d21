/** A config that one version of Alertmanager accepts and an older one rejects. */
export interface VersionCase {
  readonly yaml: string;
  /** First version that accepts it. */
  readonly since: string;
  readonly before: string;
  /** Finding for that version. */
  readonly finding: RegExp;
}

const receiver = (kind: string, fields: string) =>
  `route: {receiver: r}\nreceivers: [{name: r, ${kind}_configs: [${fields}]}]\n`;
const top = (fields: string) => `route: {receiver: r}\nreceivers: [{name: r}]\n${fields}\n`;
const times = (fields: string) => top(`time_intervals: [{name: t, time_intervals: [{${fields}}]}]`);
const hasSince = (field: string, since: string) =>
  new RegExp(`field "${field}" is only supported since ${since.replaceAll('.', '\\.')}, not by `);
const field = (yaml: string, name: string, since: string, before: string): VersionCase => ({
  yaml,
  since,
  before,
  finding: hasSince(name, since),
});

/** In the order of the versions. */
export const versionCases: readonly VersionCase[] = [
  field(receiver('incidentio', '{url_file: a}'), 'incidentio_configs', '0.29.0', '0.28.1'),
  field(receiver('slack', '{app_token_file: a}'), 'app_token_file', '0.30.0', '0.29.0'),
  field(top('global: {slack_app_token_file: a}'), 'slack_app_token_file', '0.30.0', '0.29.0'),
  field(top('tracing: {endpoint: "a:1"}'), 'tracing', '0.30.0', '0.29.0'),
  {
    yaml: receiver('jira', '{api_url: "http://a", project: a, issue_type: b, summary: {template: x}}'),
    since: '0.30.0',
    before: '0.29.0',
    finding: /summary: expected a string, got a map/,
  },
  field(receiver('telegram', '{bot_token_file: a, chat_id_file: b}'), 'chat_id_file', '0.31.0', '0.30.0'),
  field(receiver('webhook', '{url_file: a, payload: {a: b}}'), 'payload', '0.32.0', '0.31.1'),
  field(receiver('mattermost', '{webhook_url_file: a, title: b}'), 'title', '0.32.0', '0.31.1'),
  field(top('event_recorder: {file_outputs: []}'), 'event_recorder', '0.33.0', '0.32.0'),
  field('route: {receiver: r, labels: {a: b}}\nreceivers: [{name: r}]\n', 'labels', '0.34.0', '0.33.0'),
  field(
    receiver('slack', '{app_token_file: a, post_updates_to_thread: true}'),
    'post_updates_to_thread',
    '0.35.0',
    '0.34.1',
  ),
  {
    yaml: receiver('slack', '{app_token_file: a, update_message: true}'),
    since: '0.35.0',
    before: '0.34.1',
    finding:
      /update_message: requires a bot token, and is only supported with app_token_file since 0\.35\.0: set api_url: https/,
  },
  field(
    receiver('rocketchat', '{token_id_file: a, token_file: b, message_text: c}'),
    'message_text',
    '0.35.0',
    '0.34.1',
  ),
  field(receiver('telegram', '{bot_token_file: a, chat_id: 5, timeout: 5s}'), 'timeout', '0.35.0', '0.34.1'),
  field(receiver('incidentio', '{url_file: a, metadata: {b: c}}'), 'metadata', '0.35.0', '0.34.1'),
  field(top('event_recorder: {file_outputs: [{name: a, path: b}]}'), 'name', '0.35.0', '0.34.1'),
  field(top('event_recorder: {stdout_outputs: [{name: a}]}'), 'name', '0.35.0', '0.34.1'),
  {
    yaml: times('weekdays: [friday:monday]'),
    since: '0.35.0',
    before: '0.34.1',
    finding: /"friday:monday" starts after its end.* requires Alertmanager 0\.35\.0/,
  },
];

/** Configs that Alertmanager accepted before 0.35.0 and rejects since. */
export const refusedSince: readonly { readonly yaml: string; readonly finding: RegExp }[] = [
  {
    yaml: top('event_recorder: {file_outputs: [{path: b}]}'),
    finding: /file_outputs\[0\]: missing field "name": add it/,
  },
  { yaml: top('event_recorder: {stdout_outputs: [{}]}'), finding: /stdout_outputs\[0\]: missing field "name": add it/ },
  { yaml: times('months: ["13"]'), finding: /range "13" starts after its end, or is out of bounds/ },
];
