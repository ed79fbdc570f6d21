import type { AlertmanagerConfig, GlobalConfig, InhibitRule, Route, TimeInterval, TimeRanges } from './config';
import { httpConfig, httpHeader, tlsConfig } from './http-schema';
import { otherReceivers } from './other-receiver-schemas';
import { typedReceivers } from './receiver-schemas';
import {
  any,
  atLeastOne,
  atMostOne,
  boolean,
  integer,
  isSet,
  type ListOf,
  list,
  map,
  number,
  type ObjectOf,
  object,
  rule,
  secret,
  string,
  template,
} from './schema';
import { dayOfMonth, location, month, time, weekday, year } from './time-values';
import {
  classicLabelNameProblem,
  duration,
  hostPort,
  interval,
  labelName,
  oneOf,
  regexp,
  secretUrl,
  url,
} from './values';

const receiverConfigs: Readonly<Record<string, ListOf>> = Object.fromEntries(
  Object.entries({ ...typedReceivers, ...otherReceivers }).map(([name, schema]) => [name, list(schema)]),
);

const globalConfig = object<GlobalConfig>(
  {
    resolve_timeout: duration,
    http_config: httpConfig,
    smtp_from: string,
    smtp_smarthost: hostPort,
    smtp_hello: string,
    smtp_auth_username: string,
    smtp_auth_password_file: string,
    smtp_auth_secret_file: string,
    smtp_auth_identity: string,
    smtp_require_tls: boolean,
    smtp_tls_config: tlsConfig,
    smtp_force_implicit_tls: boolean,
    slack_api_url_file: string,
    slack_api_url: secretUrl,
    slack_app_token_file: string,
    slack_app_url: url,
    pagerduty_url: url,
    opsgenie_api_url: url,
    opsgenie_api_key_file: string,
    telegram_api_url: url,
    telegram_bot_token_file: string,
    jira_api_url: url,
    victorops_api_url: url,
    victorops_api_key_file: string,
    webex_api_url: url,
    wechat_api_url: url,
    wechat_api_corp_id: string,
    wechat_api_secret_file: string,
    rocketchat_api_url: url,
    rocketchat_token_file: string,
    rocketchat_token_id_file: string,
    mattermost_webhook_url_file: string,
  },
  {
    smtp_auth_password: secret,
    smtp_auth_secret: secret,
    slack_app_token: secret,
    opsgenie_api_key: secret,
    telegram_bot_token: secret,
    victorops_api_key: secret,
    wechat_api_secret: secret,
    rocketchat_token: secret,
    rocketchat_token_id: secret,
    mattermost_webhook_url: secretUrl,
  },
  [
    atMostOne('slack_api_url', 'slack_api_url_file'),
    atMostOne('slack_app_token', 'slack_app_token_file'),
    rule(
      (fields) =>
        (isSet(fields.slack_app_token) || isSet(fields.slack_app_token_file)) &&
        (isSet(fields.slack_api_url) || isSet(fields.slack_api_url_file)) &&
        fields.slack_api_url !== (fields.slack_app_url ?? 'https://slack.com/api/chat.postMessage'),
      'has both a Slack webhook and a Slack app token: keep slack_api_url_file or slack_app_token_file',
    ),
    atMostOne('opsgenie_api_key', 'opsgenie_api_key_file'),
    atMostOne('victorops_api_key', 'victorops_api_key_file'),
    atMostOne('telegram_bot_token', 'telegram_bot_token_file'),
    atMostOne('smtp_auth_password', 'smtp_auth_password_file'),
    atMostOne('smtp_auth_secret', 'smtp_auth_secret_file'),
    atMostOne('rocketchat_token', 'rocketchat_token_file'),
    atMostOne('rocketchat_token_id', 'rocketchat_token_id_file'),
    atMostOne('wechat_api_secret', 'wechat_api_secret_file'),
    atMostOne('mattermost_webhook_url', 'mattermost_webhook_url_file'),
  ],
);

const matchers = list(string);
const match = map(string, classicLabelNameProblem);
const matchRe = map(regexp, classicLabelNameProblem);

const routes: { -readonly [K in keyof ListOf]: ListOf[K] } = { kind: 'list', items: any };
const route = object<Route>(
  {
    receiver: string,
    group_by: list(labelName),
    group_wait: duration,
    group_interval: interval,
    repeat_interval: interval,
    labels: map(template, labelName.problem),
    matchers,
    continue: boolean,
    mute_time_intervals: list(string),
    active_time_intervals: list(string),
    match,
    match_re: matchRe,
    routes,
  },
  {},
  [
    rule(
      ({ group_by = [] }) => group_by.includes('...') && group_by.some((label: string) => label !== '...'),
      "has '...', all labels, beside others: remove it, or the others",
      'group_by',
    ),
    rule(
      ({ group_by = [] }) => {
        const labels = group_by.filter((label: string) => label !== '...');
        return new Set(labels).size < labels.length;
      },
      'names a label twice: remove one',
      'group_by',
    ),
  ],
);
// A route holds routes: the one place where the schema refers to itself.
routes.items = route;

const inhibitRule = object<InhibitRule>({
  name: string,
  source_matchers: matchers,
  target_matchers: matchers,
  equal: list(labelName),
  source_match: match,
  source_match_re: matchRe,
  target_match: match,
  target_match_re: matchRe,
});

const timeInterval = object<TimeInterval>(
  {
    name: string,
    time_intervals: list(
      object<TimeRanges>({
        times: list(
          object({ start_time: time, end_time: time }, {}, [
            atLeastOne('start_time'),
            atLeastOne('end_time'),
            rule(
              ({ start_time, end_time }) => isSet(start_time) && isSet(end_time) && start_time >= end_time,
              'must be after start_time; over midnight write two ranges, to 24:00 and from 00:00',
              'end_time',
            ),
          ]),
        ),
        weekdays: list(weekday),
        days_of_month: list(dayOfMonth),
        months: list(month),
        years: list(year),
        location,
      }),
    ),
  },
  {},
  [atLeastOne('name')],
);

const receiver = object<{ readonly name: string; readonly labels?: object }>(
  { name: string, labels: map(string) },
  receiverConfigs,
  [
    atLeastOne('name'),
    rule(
      ({ name, labels }) => isSet(name) && labels && Object.hasOwn(labels, 'name') && labels.name !== name,
      "has a label 'name' that is not the receiver's name: remove it",
      'labels',
    ),
  ],
);

/** Upstream: `tracing/config.go`. */
const tracing = object(
  {
    client_type: oneOf('http', 'grpc'),
    endpoint: string,
    sampling_fraction: number,
    insecure: boolean,
    tls_config: tlsConfig,
    headers: map(httpHeader),
    compression: oneOf('gzip', ''),
    timeout: duration,
  },
  {},
  [atLeastOne('endpoint')],
);

const negative = (...names: readonly string[]) =>
  names.map((name) => rule((fields) => fields[name] < 0, 'cannot be negative', name));

/** Upstream: `eventrecorder/*.go`. */
const eventRecorder = object({
  file_outputs: list(object({ name: string, path: string }, {}, [atLeastOne('name'), atLeastOne('path')])),
  webhook_outputs: list(
    object(
      {
        name: string,
        url: secretUrl,
        http_config: httpConfig,
        timeout: duration,
        workers: integer,
        max_retries: integer,
        retry_backoff: duration,
        batch: boolean,
        batch_max_events: integer,
        batch_max_bytes: integer,
        batch_flush_interval: duration,
      },
      {},
      [
        atLeastOne('name'),
        atLeastOne('url'),
        ...negative('batch_max_events', 'batch_max_bytes'),
        rule(
          ({ batch, batch_max_events, batch_max_bytes, batch_flush_interval }) =>
            !batch && (!!batch_max_events || !!batch_max_bytes || isSet(batch_flush_interval)),
          'batch settings need batch: true',
        ),
      ],
    ),
  ),
  kafka_outputs: list(
    object(
      {
        name: string,
        brokers: list(string),
        topic: string,
        client_id: string,
        format: oneOf('json', 'protobuf', ''),
        acks: oneOf('none', 'leader', 'all', ''),
        compression: oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd', ''),
        buffer_size: integer,
        tls_config: tlsConfig,
      },
      {},
      [
        atLeastOne('name'),
        atLeastOne('topic'),
        rule(({ brokers }) => !brokers?.length || brokers.includes(''), 'must name a broker as host:port', 'brokers'),
      ],
    ),
  ),
  stdout_outputs: list(object({ name: string }, {}, [atLeastOne('name')])),
});

/** alertmanager.yml. Upstream: `config/config.go`. */
export const alertmanagerConfig: ObjectOf = object<AlertmanagerConfig>(
  {
    global: globalConfig,
    route,
    receivers: list(receiver),
    inhibit_rules: list(inhibitRule),
    time_intervals: list(timeInterval),
    templates: list(string),
    tracing,
    event_recorder: eventRecorder,
  },
  { mute_time_intervals: list(timeInterval) },
);
