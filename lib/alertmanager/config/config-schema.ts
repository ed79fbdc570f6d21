import type { AlertmanagerVersion } from '../../versions/alertmanager';
import { configsField, receiverKinds } from '../receivers';
import type { AlertmanagerConfig, GlobalConfig, InhibitRule, Route, TimeInterval, TimeRanges } from './config';
import { httpConfig } from './http-schema';
import { eventRecorder, tracing } from './own-output-schemas';
import {
  any,
  atLeastOne,
  boolean,
  changed,
  isSet,
  type ListOf,
  list,
  map,
  type ObjectOf,
  object,
  rule,
  type Schema,
  since,
  string,
  template,
} from './schema';
import { schemaAt } from './schema-at';
import { dayOfMonth, location, month, monthInOrder, time, weekday, weekdayInOrder, year } from './time-values';
import { classicLabelNameProblem, interval, labelName, prometheusDuration, regexp } from './values';

/** Fields of a receiver: a list of integrations for each kind. */
const integrations: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.entries(receiverKinds).map(([name, kind]) => {
    const configs = list(kind.schema);
    return [configsField(name), kind.since ? since(kind.since, configs) : configs];
  }),
);

const ofAllReceivers = object<Pick<GlobalConfig, 'resolve_timeout' | 'http_config'>>({
  resolve_timeout: prometheusDuration,
  http_config: httpConfig,
});
const globalParts = [ofAllReceivers, ...Object.values(receiverKinds).map(({ global }) => global)];
const globalConfig: ObjectOf = {
  kind: 'object',
  fields: Object.assign({}, ...globalParts.map(({ fields }) => fields)),
  rules: globalParts.flatMap(({ rules }) => rules),
};

const matchers = list(string);
const match = map(string, classicLabelNameProblem);
const matchRe = map(regexp, classicLabelNameProblem);

const routes: { -readonly [K in keyof ListOf]: ListOf[K] } = { kind: 'list', items: any };
const route = object<Omit<Route, 'waive'>>(
  {
    receiver: string,
    group_by: list(labelName),
    group_wait: prometheusDuration,
    group_interval: interval,
    repeat_interval: interval,
    labels: since('0.34.0', map(template, labelName.problem)),
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
      { problem: '"..." (all labels) cannot be combined with other labels', fix: 'remove it, or the others' },
      'group_by',
    ),
    rule(
      ({ group_by = [] }) => {
        const labels = group_by.filter((label: string) => label !== '...');
        return new Set(labels).size < labels.length;
      },
      { problem: 'duplicate label', fix: 'remove one of the two' },
      'group_by',
    ),
  ],
);
// Routes nest: the only recursion of the schema.
routes.items = route;

const inhibitRule = object<Omit<InhibitRule, 'waive'>>({
  name: since('0.30.0', string),
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
              {
                problem: 'must be after start_time',
                fix: 'use a later time; for times across midnight, use two ranges, to 24:00 and from 00:00',
              },
              'end_time',
            ),
          ]),
        ),
        weekdays: list(changed('0.35.0', weekdayInOrder, weekday)),
        days_of_month: list(dayOfMonth),
        months: list(changed('0.35.0', monthInOrder, month)),
        years: list(year),
        location,
      }),
    ),
  },
  {},
  [atLeastOne('name')],
);

const receiver = object<{ readonly name: string; readonly labels?: object }>(
  { name: string, labels: since('0.33.0', map(string)) },
  integrations,
  [
    atLeastOne('name'),
    rule(
      ({ name, labels }) => isSet(name) && labels && Object.hasOwn(labels, 'name') && labels.name !== name,
      { problem: 'label "name" differs from the name of the receiver', fix: 'remove it' },
      'labels',
    ),
  ],
);

/** alertmanager.yml of the newest version. Upstream: `config/config.go`. */
export const alertmanagerConfig: ObjectOf = object<AlertmanagerConfig>(
  {
    global: globalConfig,
    route,
    receivers: list(receiver),
    inhibit_rules: list(inhibitRule),
    time_intervals: list(timeInterval),
    templates: list(string),
    tracing: since('0.30.0', tracing),
    event_recorder: since('0.33.0', eventRecorder),
  },
  { mute_time_intervals: list(timeInterval) },
);

const byVersion = new Map<AlertmanagerVersion, ObjectOf>();

/** alertmanager.yml of one version of Alertmanager. */
export function alertmanagerConfigAt(version: AlertmanagerVersion): ObjectOf {
  const schema = byVersion.get(version) ?? schemaAt(version, alertmanagerConfig);
  byVersion.set(version, schema);
  return schema;
}
