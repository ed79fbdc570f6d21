import type { CompiledMatcher } from '../../alertmanager/matchers/matchers';
import type { LogResult, QueryResult } from '../../engines';
import type { RemoteLoki } from '../remote-loki';
import { HISTORY_LINES, type HistoryEntry, type RecordedEntry, readEntry } from './event';

export interface HistoryOptions {
  /** Selector of Alertmanager's log. */
  readonly selector: string;
  /** Beginning, Unix milliseconds. */
  readonly fromMs: number;
  /** End, Unix milliseconds. */
  readonly toMs: number;
  /** Receives the number of lines that have been read. */
  readonly progress: (lines: number) => void;
}

/** The history of a time range. */
export interface History {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** True if Alertmanager recorded events, which it only does if it is configured to. */
  readonly isRecorded: boolean;
  /** True if Loki has a log of Alertmanager in the range, with or without events. */
  readonly hasLog: boolean;
}

/** Lines of one request: fewer than any Loki allows. */
const PAGE = 1000;

const NS_PER_MS = 1_000_000n;

/** Reads the history from Loki. @throws with Loki's reason, and what to do about it */
export async function readHistory(loki: RemoteLoki, options: HistoryOptions): Promise<History> {
  const lines = await readLines(loki, options);
  const entries = [...lines].flatMap((line) => readEntry(line) ?? []);
  const isRecorded = entries.some(({ event }) => event !== 'failed');
  return { entries: once(entries), isRecorded, hasLog: lines.size > 0 || (await hasLog(loki, options)) };
}

/** Reads lines from the newest one back, in pages. */
async function readLines(loki: RemoteLoki, { selector, fromMs, toMs, progress }: HistoryOptions): Promise<Set<string>> {
  const query = `${selector} |~ \`${HISTORY_LINES}\``;
  const lines = new Set<string>();
  const start = BigInt(fromMs) * NS_PER_MS;
  let end = BigInt(toMs) * NS_PER_MS;
  for (;;) {
    const parameters = { query, start: `${start}`, end: `${end}`, limit: PAGE, direction: 'backward' };
    const { result } = await loki.ask((client) => client.data<QueryResult>('/loki/api/v1/query_range', parameters));
    const page = (result as readonly LogResult[]).flatMap(({ values }) => values);
    for (const [, line] of page) lines.add(line);
    progress(lines.size);
    if (page.length < PAGE) return lines;
    const oldest = page.map(([time]) => BigInt(time)).sort((a, b) => Number(a - b))[0] ?? start;
    // The end is exclusive: lines of the same time may be on the next page, unless they fill a whole one.
    end = oldest + 1n < end ? oldest + 1n : oldest;
  }
}

async function hasLog(loki: RemoteLoki, { selector, fromMs, toMs }: HistoryOptions): Promise<boolean> {
  const span = { start: Math.floor(fromMs / 1000), end: Math.ceil(toMs / 1000) };
  return (await loki.ask((client) => client.series(selector, span))).length > 0;
}

/** Returns each entry once: several replicas record the same, and an alert is muted again at every flush. */
function once(entries: readonly RecordedEntry[]): HistoryEntry[] {
  const byKey = new Map<string, HistoryEntry>();
  for (const { key, ...entry } of entries.toSorted((a, b) => (a.time < b.time ? -1 : 1))) {
    const known = byKey.get(key);
    const isAgain = known && (entry.event === 'silenced' || entry.event === 'inhibited');
    if (isAgain) byKey.set(key, { ...known, lastTime: entry.time });
    else if (!known) byKey.set(key, entry);
  }
  return [...byKey.values()];
}

/**
 * True if an entry is about an alert that the matchers accept. Of a group and a silence, only some labels are known: the
 * others may match.
 */
export function concerns({ event, alerts }: HistoryEntry, matchers: readonly CompiledMatcher[]): boolean {
  const isPartial = event === 'failed' || event === 'silence';
  return (
    matchers.length === 0 ||
    alerts.some((labels) =>
      matchers.every(({ name, accepts }) => {
        const value = labels[name];
        return value === undefined && isPartial ? true : accepts(value ?? '');
      }),
    )
  );
}
