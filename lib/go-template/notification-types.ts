import { isOlder } from '../versions/version';
import { TIME } from './go-time';
import { NOTIFICATION_FUNCTIONS } from './notification-functions';
import { func, type GoFunction, type GoType, listOf, STRING } from './types';

/** Names of the types of notifications, as in Alertmanager's documentation. */
export const [DATA, ALERT] = ['Data', 'Alert'] as const;

/** Fields of an alert in notifications. */
export const ALERT_FIELDS = ['Status', 'Labels', 'Annotations', 'StartsAt', 'EndsAt', 'GeneratorURL', 'Fingerprint'];

/**
 * Returns the type of the dot of notifications in a version of Alertmanager.
 *
 * @see https://prometheus.io/docs/alerting/latest/notifications/
 */
export function notificationData(version: string): GoType {
  const has = (since: string) => !isOlder(version, since);
  const kv = keyValues(has('0.34.0'));
  const fields = Object.fromEntries(ALERT_FIELDS.map((name) => [name, STRING]));
  const alert: GoType = {
    name: ALERT,
    kind: 'struct',
    incomparable: true,
    fields: { ...fields, Labels: kv, Annotations: kv, StartsAt: TIME, EndsAt: TIME },
  };
  const some = func([], listOf(alert));
  return {
    name: DATA,
    kind: 'struct',
    incomparable: true,
    fields: {
      Receiver: STRING,
      Status: STRING,
      Alerts: { ...listOf(alert), name: 'Alerts', methods: { Firing: some, Resolved: some } },
      GroupLabels: kv,
      CommonLabels: kv,
      CommonAnnotations: kv,
      ExternalURL: STRING,
      ...(has('0.32.0') && { NotificationReason: STRING }),
      ...(has('0.34.0') && { RouteLabels: kv }),
    },
  };
}

/** Returns the functions of notifications in a version of Alertmanager. */
export function notificationFunctions(version: string): Readonly<Record<string, GoFunction>> {
  if (!isOlder(version, '0.35.0')) return NOTIFICATION_FUNCTIONS;
  // Later, it accepts any list.
  return { ...NOTIFICATION_FUNCTIONS, join: func([STRING, listOf(STRING)], STRING) };
}

/** Returns the type of labels and annotations. @param joins true if lists of texts have the method `Join` */
function keyValues(joins: boolean): GoType {
  const texts: GoType = joins
    ? { ...listOf(STRING), name: 'Strings', methods: { Join: func([STRING], STRING) } }
    : listOf(STRING);
  const pair: GoType = { name: 'Pair', kind: 'struct', fields: { Name: STRING, Value: STRING } };
  const pairs: GoType = {
    ...listOf(pair),
    name: 'Pairs',
    methods: { Names: func([], texts), Values: func([], texts), String: func([], STRING) },
  };
  const kv: GoType = {
    name: 'KV',
    kind: 'map',
    items: STRING,
    plain: 'map[string]string',
    incomparable: true,
    get methods() {
      return methods;
    },
  };
  const methods: Readonly<Record<string, GoFunction>> = {
    SortedPairs: func([], pairs),
    Remove: func([listOf(STRING)], kv),
    Names: func([], texts),
    Values: func([], texts),
    String: func([], STRING),
  };
  return kv;
}
