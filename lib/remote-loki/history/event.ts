import { type Labels, parseLabels } from '../../rule-tests/labels';
import { unquoteGo } from '../../text/go-string';

/** A silence, as it was when the event was recorded. */
export interface HistorySilence {
  readonly id: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly endsAt: string;
  /** Matchers, as Alertmanager prints them. */
  readonly matchers: readonly string[];
}

/** Something that happened to alerts in Alertmanager. */
export interface HistoryEntry {
  /** RFC 3339. */
  readonly time: string;
  readonly event: 'fired' | 'resolved' | 'notified' | 'failed' | 'silenced' | 'inhibited' | 'silence';
  /** Labels of each alert; of the group, if a notification failed; of a silence, those that it requires. */
  readonly alerts: readonly Labels[];
  /** Receiver of a notification. */
  readonly receiver?: string;
  /** Integration of a notification, such as `slack[0]`. */
  readonly integration?: string;
  /** True if a notification says that all its alerts are resolved. */
  readonly resolved?: boolean;
  /** Reason of a notification, such as `first notification`. */
  readonly reason?: string;
  /** Error of a notification. */
  readonly error?: string;
  readonly silence?: HistorySilence;
  /** Name of the inhibition rule; empty if it has none. */
  readonly rule?: string;
  /** Time of the last time that it happened, if it was recorded again. */
  readonly lastTime?: string;
}

/** An entry, with the same key as others that are about the same. */
export interface RecordedEntry extends HistoryEntry {
  readonly key: string;
}

/** A regular expression for the lines that `readEntry` understands. */
export const HISTORY_LINES =
  '"(alertCreated|alertResolved|notification|silenceCreated|silenceUpdated|silenceMutedAlert|inhibitionMutedAlert)":|msg="Notify failed"';

/**
 * Reads a line of Alertmanager: an event of its event recorder, or of its log, about a failed notification. Undefined if
 * it is another line.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/proto/eventrecorder/events/v2/events.proto
 */
export function readEntry(line: string): RecordedEntry | undefined {
  if (!line.startsWith('{')) return readFailure(line);
  try {
    const { '@timestamp': time = '', data = {} } = JSON.parse(line) as Event;
    for (const [name, read] of Object.entries(READERS)) {
      const found = data[name] && read(data[name]);
      if (found) return { ...found, time, key: found.key ?? line };
    }
  } catch (error) {
    // Another program's line, or one that a collector has cut.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return undefined;
}

interface Event {
  readonly '@timestamp'?: string;
  readonly data?: Readonly<Record<string, EventData>>;
}

interface EventAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

interface GroupedAlert {
  readonly fingerprint: string;
  readonly details?: EventAlert;
}

interface EventMatcher {
  readonly type: string;
  readonly name: string;
  readonly pattern?: string;
  readonly rendered: string;
}

interface EventSilence extends Omit<HistorySilence, 'matchers'> {
  readonly updatedAt: string;
  readonly matchers: readonly EventMatcher[];
}

// biome-ignore lint/suspicious/noExplicitAny: one of several messages, by the name of the event.
type EventData = any;

type Read = Omit<RecordedEntry, 'time' | 'key'> & { readonly key?: string };

const READERS: Readonly<Record<string, (data: EventData) => Read | undefined>> = {
  alertCreated: ({ alert }: { alert: EventAlert }) => ({
    event: 'fired',
    alerts: [alert.labels],
    key: `fired ${alert.fingerprint} ${alert.startsAt}`,
  }),
  alertResolved: ({ alert }: { alert: GroupedAlert }) =>
    alert.details && {
      event: 'resolved',
      alerts: [alert.details.labels],
      key: `resolved ${alert.fingerprint} ${alert.details.endsAt}`,
    },
  notification: readNotification,
  silenceCreated: readSilence,
  silenceUpdated: readSilence,
  silenceMutedAlert: ({ silence, mutedAlert }: { silence: EventSilence; mutedAlert: EventAlert }) => ({
    event: 'silenced',
    alerts: [mutedAlert.labels],
    silence: toSilence(silence),
    key: `silenced ${mutedAlert.fingerprint} ${silence.id}`,
  }),
  inhibitionMutedAlert: ({
    inhibitRules,
    mutedAlert,
  }: {
    inhibitRules?: { name?: string }[];
    mutedAlert: EventAlert;
  }) => {
    const rule = inhibitRules?.[0]?.name ?? '';
    const key = `inhibited ${mutedAlert.fingerprint} ${rule}`;
    return { event: 'inhibited', alerts: [mutedAlert.labels], rule, key };
  },
};

interface Notification {
  readonly alerts?: readonly GroupedAlert[];
  readonly firingAlerts?: readonly GroupedAlert[];
  readonly mutedAlerts?: readonly GroupedAlert[];
  readonly groupInfo: { readonly receiverName: string };
  readonly reason?: string;
  readonly integration: { readonly name: string; readonly index?: string };
}

function readNotification({ alerts = [], firingAlerts = [], mutedAlerts = [], ...event }: Notification): Read {
  const muted = new Set(mutedAlerts.map(({ fingerprint }) => fingerprint));
  const sent = alerts.filter(({ fingerprint }) => !muted.has(fingerprint));
  return {
    event: 'notified',
    alerts: sent.flatMap(({ details }) => (details ? [details.labels] : [])),
    receiver: event.groupInfo.receiverName,
    integration: `${event.integration.name}[${event.integration.index ?? 0}]`,
    resolved: firingAlerts.length === 0,
    reason: event.reason
      ?.replace(/^NOTIFY_REASON_/, '')
      .toLowerCase()
      .replaceAll('_', ' '),
  };
}

function readSilence({ silence }: { silence: EventSilence }): Read {
  const required = silence.matchers.filter(({ type }) => type === 'TYPE_EQUAL');
  return {
    event: 'silence',
    alerts: [Object.fromEntries(required.map(({ name, pattern = '' }) => [name, pattern]))],
    silence: toSilence(silence),
    key: `silence ${silence.id} ${silence.updatedAt}`,
  };
}

function toSilence({ id, createdBy = '', comment = '', endsAt, matchers = [] }: EventSilence): HistorySilence {
  return { id, createdBy, comment, endsAt, matchers: matchers.map(({ rendered }) => rendered) };
}

const FIELD = /(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g;

/** Reads a line of Alertmanager's log, in logfmt. */
function readFailure(line: string): RecordedEntry | undefined {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of line.matchAll(FIELD)) fields.set(name, unquoted(value));
  const [time, receiver] = [fields.get('time'), fields.get('receiver')];
  if (fields.get('msg') !== 'Notify failed' || time === undefined || receiver === undefined) return undefined;
  return {
    time,
    event: 'failed',
    alerts: [groupLabels(fields.get('aggrGroup') ?? '')],
    receiver,
    integration: fields.get('integration'),
    error: fields.get('err'),
    key: line,
  };
}

function unquoted(value: string): string {
  return value.startsWith('"') ? (unquoteGo(value)?.value ?? value) : value;
}

/** Labels of a group, which follow the matchers of its route: `{}/{team="shop"}:{alertname="A"}`. */
function groupLabels(group: string): Labels {
  for (const { index } of group.matchAll(/:\{/g)) {
    const parsed = parseLabels(group.slice(index + 1));
    if ('labels' in parsed) return parsed.labels;
  }
  return {};
}
