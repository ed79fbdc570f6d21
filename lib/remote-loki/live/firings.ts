import { findEngine } from '../../engines';
import { replay } from '../../rule-tests/replay';
import { isAlert, type Rule } from '../../rules/model';
import { durationMs, formatDuration } from '../../text/duration';
import type { RemoteLoki } from '../remote-loki';
import { formatBytes } from './evaluation';
import type { PlacedRule } from './loaded';
import { liveQuery } from './query';
import type { LiveReader } from './reader';

/** Evaluations that are replayed: as many points as Loki returns for one query; a week at the default interval. */
const MAX_EVALUATIONS = 10_000;

export interface FiringsOptions {
  /** Time range, milliseconds; 0 for none. */
  readonly replayMs: number;
  readonly evaluationInterval: string;
  readonly progress: (message: string) => void;
}

/** Logs that the replay of one alert may read, bytes: as many as a dashboard over a day. */
const MAX_BYTES = 50e9;

/** Returns how often each alert would have fired, in words; nothing without a time range. */
export async function firings(
  loki: RemoteLoki,
  reader: LiveReader,
  alerts: readonly PlacedRule[],
  { replayMs, evaluationInterval, progress }: FiringsOptions,
): Promise<ReadonlyMap<Rule, string>> {
  const fired = new Map<Rule, string>();
  if (replayMs === 0 || alerts.length === 0) return fired;
  try {
    await findEngine('promtool', { progress });
  } catch {
    for (const { rule } of alerts) fired.set(rule, 'not replayed: no promtool (see docs/engines.md)');
    return fired;
  }
  const toMs = reader.nowS * 1000;
  for (const [i, { file, group, rule }] of alerts.entries()) {
    if (!isAlert(rule)) continue;
    progress(`replaying ${i + 1}/${alerts.length} ${rule.alert}`);
    const intervalMs = durationMs(group.interval ?? evaluationInterval) ?? 0;
    const spanMs = Math.min(replayMs, MAX_EVALUATIONS * intervalMs);
    const range = formatDuration(spanMs);
    const bytes = await logsOf(reader, rule, spanMs / 1000);
    if (bytes > MAX_BYTES) {
      fired.set(rule, `not replayed: ${formatBytes(bytes)} of logs in ${range}`);
      continue;
    }
    const alone = [{ ...file, groups: [{ ...group, rules: [rule] }] }];
    const [result] = await replay(loki, alone, { fromMs: toMs - spanMs, toMs, evaluationInterval });
    const { episodes = [], error } = result ?? {};
    const still = episodes.filter(({ untilMs }) => untilMs === undefined).length;
    if (error !== undefined) fired.set(rule, `not replayed: ${error}`);
    else if (episodes.length === 0) fired.set(rule, `would not have fired in ${range}`);
    else {
      const times = episodes.length === 1 ? 'once' : `${episodes.length} times`;
      fired.set(rule, `would have fired ${times} in ${range}${still > 0 ? `, ${still} still firing` : ''}`);
    }
  }
  return fired;
}

/** Bytes of the logs that a rule reads in a time range, as far as the index knows. */
async function logsOf(reader: LiveReader, rule: Rule, seconds: number): Promise<number> {
  const selectors = new Set(liveQuery(rule)?.sources.map(({ selector }) => selector));
  const sizes = await Promise.all([...selectors].map((selector) => reader.bytes(selector, reader.last(seconds))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
