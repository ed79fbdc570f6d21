import { httpNotifier, webhookUrlRules } from './receiver-schemas';
import {
  atLeastOne,
  atMostOne,
  boolean,
  integer,
  isSet,
  list,
  map,
  type ObjectOf,
  object,
  rule,
  secret,
  string,
  template,
  templates,
} from './schema';
import { duration, goDuration, goDurationText, oneOf, secretUrl, url } from './values';

const incidentio = object(
  {
    ...httpNotifier,
    url,
    url_file: string,
    alert_source_token: secret,
    alert_source_token_file: string,
    max_alerts: integer,
    timeout: goDuration,
  },
  {},
  [
    atLeastOne('url', 'url_file'),
    atMostOne('url', 'url_file'),
    atMostOne('alert_source_token', 'alert_source_token_file'),
    rule(
      ({ http_config, alert_source_token, alert_source_token_file }) =>
        isSet(http_config?.authorization) && (isSet(alert_source_token) || isSet(alert_source_token_file)),
      'cannot have authorization beside alert_source_token_file: remove one',
      'http_config',
    ),
    rule(
      ({ http_config, alert_source_token, alert_source_token_file }) =>
        isSet(http_config) &&
        !isSet(http_config.authorization) &&
        !isSet(http_config.bearer_token) &&
        !isSet(http_config.bearer_token_file) &&
        !isSet(alert_source_token) &&
        !isSet(alert_source_token_file),
      'one of alert_source_token_file and http_config.authorization must be set',
    ),
    rule(({ max_alerts }) => max_alerts < 0, 'cannot be negative: 0 means no limit', 'max_alerts'),
  ],
);

/** A field as text, or with the choice whether updates change it. */
const jiraField: ObjectOf = { ...object({ template, enable_update: boolean }), short: template };

const jira = object(
  {
    ...httpNotifier,
    api_url: url,
    api_type: oneOf('auto', 'cloud', 'datacenter'),
    project: template,
    summary: jiraField,
    description: jiraField,
    labels: list(template),
    priority: template,
    issue_type: template,
    reopen_transition: template,
    resolve_transition: template,
    wont_fix_resolution: template,
    reopen_duration: duration,
    fields: map(templates),
  },
  {},
  [atLeastOne('project'), atLeastOne('issue_type')],
);

const mattermostField = object({ title: template, value: template, short: boolean }, {}, [
  atLeastOne('title'),
  atLeastOne('value'),
]);
const mattermostMessage = {
  fallback: template,
  color: template,
  pretext: template,
  text: template,
  author_name: template,
  author_link: template,
  author_icon: template,
  title: template,
  title_link: template,
  fields: list(mattermostField),
  thumb_url: template,
  footer: template,
  footer_icon: template,
  image_url: template,
};

const mattermost = object(
  {
    ...httpNotifier,
    ...mattermostMessage,
    webhook_url: secretUrl,
    webhook_url_file: string,
    channel: template,
    username: template,
    icon_url: template,
    icon_emoji: template,
    attachments: list(object(mattermostMessage)),
    type: string,
    props: object({ card: template }),
    priority: object({ priority: template, requested_ack: boolean, persistent_notifications: boolean }),
  },
  {},
  [atMostOne('webhook_url', 'webhook_url_file')],
);

const msteams = object(
  {
    ...httpNotifier,
    webhook_url: secretUrl,
    webhook_url_file: string,
    title: template,
    summary: template,
    text: template,
  },
  {},
  webhookUrlRules,
);

const pushover = object(
  {
    ...httpNotifier,
    user_key: secret,
    user_key_file: string,
    token: secret,
    token_file: string,
    title: template,
    message: template,
    url: template,
    url_title: template,
    device: template,
    sound: template,
    priority: template,
    retry: goDurationText,
    expire: goDurationText,
    ttl: goDurationText,
    html: boolean,
    monospace: boolean,
  },
  {},
  [
    atLeastOne('user_key_file', 'user_key'),
    atMostOne('user_key', 'user_key_file'),
    atLeastOne('token_file', 'token'),
    atMostOne('token', 'token_file'),
    atMostOne('html', 'monospace'),
  ],
);

const rocketchat = object(
  {
    ...httpNotifier,
    api_url: url,
    token_id: secret,
    token_id_file: string,
    token: secret,
    token_file: string,
    channel: template,
    color: template,
    title: template,
    title_link: template,
    text: template,
    // Upstream has no YAML names for these two, so Go's YAML library takes the names in lower case.
    fields: list(object({ short: boolean, title: template, value: template })),
    short_fields: boolean,
    emoji: template,
    icon_url: template,
    image_url: template,
    thumb_url: template,
    link_names: boolean,
    actions: list(
      object({
        type: template,
        text: template,
        url: template,
        imageurl: template,
        iswebview: boolean,
        webviewheightratio: template,
        msg: template,
        msginchatwindow: boolean,
        msgprocessingtype: template,
      }),
    ),
  },
  {},
  [atMostOne('token', 'token_file'), atMostOne('token_id', 'token_id_file')],
);

const sns = object(
  {
    ...httpNotifier,
    api_url: template,
    sigv4: object(
      {
        region: string,
        access_key: string,
        secret_key: secret,
        profile: string,
        role_arn: string,
        external_id: string,
        use_fips_sts_endpoint: boolean,
        service_name: string,
      },
      {},
      [
        rule(
          ({ access_key, secret_key }) => isSet(access_key) !== isSet(secret_key),
          'access_key and secret_key belong together; better give the pod a role, and set neither',
        ),
        rule(({ external_id, role_arn }) => isSet(external_id) && !isSet(role_arn), 'needs role_arn', 'external_id'),
      ],
    ),
    topic_arn: template,
    phone_number: template,
    target_arn: template,
    subject: template,
    message: template,
    attributes: map(template),
    use_aws_http_client: boolean,
  },
  {},
  [
    // As upstream writes it: one or all three of them.
    rule(
      ({ topic_arn, phone_number, target_arn }) => [topic_arn, phone_number, target_arn].filter(isSet).length % 2 === 0,
      'exactly one of topic_arn, target_arn and phone_number must be set',
    ),
  ],
);

const VICTOROPS_RESERVED = [
  'routing_key',
  'message_type',
  'state_message',
  'entity_display_name',
  'monitoring_tool',
  'entity_id',
  'entity_state',
];

const victorops = object(
  {
    ...httpNotifier,
    api_key: secret,
    api_key_file: string,
    api_url: url,
    routing_key: template,
    message_type: template,
    state_message: template,
    entity_display_name: template,
    monitoring_tool: template,
    custom_fields: map(template, (name) =>
      VICTOROPS_RESERVED.includes(name) ? `${name} is a field of VictorOps itself: rename it` : undefined,
    ),
  },
  {},
  [atLeastOne('routing_key'), atMostOne('api_key', 'api_key_file')],
);

const webex = object({ ...httpNotifier, api_url: url, message: template, room_id: template }, {}, [
  atLeastOne('room_id'),
  rule(
    ({ http_config }) =>
      !isSet(http_config?.authorization) && !isSet(http_config?.bearer_token) && !isSet(http_config?.bearer_token_file),
    'needs authorization with the bot token: add http_config.authorization.credentials_file',
    'http_config',
  ),
]);

const wechat = object(
  {
    ...httpNotifier,
    api_secret: secret,
    api_secret_file: string,
    corp_id: template,
    message: template,
    api_url: url,
    to_user: template,
    to_party: template,
    to_tag: template,
    agent_id: template,
    message_type: oneOf('text', 'markdown', ''),
  },
  {},
  [atMostOne('api_secret', 'api_secret_file')],
);

/** The receivers that have no types. Upstream: `config/notifiers.go` and `notify/<name>/config.go`. */
export const otherReceivers: Readonly<Record<string, ObjectOf>> = {
  incidentio_configs: incidentio,
  jira_configs: jira,
  mattermost_configs: mattermost,
  msteams_configs: msteams,
  pushover_configs: pushover,
  rocketchat_configs: rocketchat,
  sns_configs: sns,
  victorops_configs: victorops,
  webex_configs: webex,
  wechat_configs: wechat,
};
