import type { Span } from '../../engines';
import type { LabelMatcher } from '../../logql';
import type { RuleProblem } from '../../rules/checks/rule-check';
import { didYouMean } from '../../text/did-you-mean';
import { formatDuration } from '../../text/duration';
import type { LiveQuery, Source } from './query';
import type { Labels, LiveReader } from './reader';

/** Streams that the selector of a source matches. */
export interface SourceStreams {
  readonly source: Source;
  /** Streams with lines in the range of the rule, at least in the last hour. */
  readonly now: readonly Labels[];
  readonly problem?: RuleProblem;
}

/** Shortest time that counts as now, seconds: quieter streams are not alive for any rule of minutes. */
export const RECENT_S = 3600;

const DAY_S = 86_400;

/** Accuracy of the time since when streams are missing, seconds. */
const PRECISION_S = 300;

/** Maximum number of labels whose values are searched for a renamed label. */
const MAX_LABELS = 30;

/** Finds the streams of each selector of a rule, and the reason if there are none. */
export function ruleStreams(loki: LiveReader, query: LiveQuery, lookbackS: number): Promise<SourceStreams[]> {
  const only = query.sources.length === 1;
  return Promise.all(query.sources.map((source) => sourceStreams(loki, source, only, lookbackS)));
}

async function sourceStreams(
  loki: LiveReader,
  source: Source,
  only: boolean,
  lookbackS: number,
): Promise<SourceStreams> {
  const recent = loki.last(Math.max(RECENT_S, source.seconds));
  const now = await loki.series(source.selector, recent);
  if (now.length > 0) return { source, now };
  const field = { field: ['expr'], offset: source.offset };
  const { selector } = source;
  const days = lookbackS % DAY_S === 0 ? `${lookbackS / DAY_S}d` : formatDuration(lookbackS * 1000);
  if ((await loki.series(selector, loki.last(lookbackS))).length === 0) {
    const why = await reason(loki, source, loki.last(lookbackS));
    const effect = only ? (source.absent ? 'it is always true' : 'it is never true') : 'this part has no result';
    const problem = `${selector} matched no stream in the last ${days}, so ${effect}${why.because}`;
    return { source, now, problem: { id: 'stream-never-matched', problem, fix: why.fix, ...field } };
  }
  // An alert on missing logs is for streams that end.
  if (source.absent) return { source, now };
  const lastS = await lastSeen(loki, selector, recent.start, lookbackS);
  const since = new Date(lastS * 1000).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
  const why = await reason(loki, source, recent);
  // Jobs log once a day; a label with the same value now is evidence enough.
  if (loki.nowS - lastS < DAY_S && !why.renamed) return { source, now };
  const fix = why.renamed ? why.fix : `check that its source still logs, or ${why.fix}`;
  const problem = `${selector} has matched no stream since about ${since}${why.because}`;
  return { source, now, problem: { id: 'stream-gone', problem, fix, ...field } };
}

/** Time of the last line of the streams, by bisection: `[t, now]` has streams if and only if `t` is before it. */
async function lastSeen(loki: LiveReader, selector: string, recentS: number, lookbackS: number): Promise<number> {
  let [found, empty] = [loki.nowS - lookbackS, recentS];
  while (empty - found > PRECISION_S) {
    const middle = Math.floor((found + empty) / 2);
    if ((await loki.series(selector, { start: middle, end: loki.nowS })).length > 0) found = middle;
    else empty = middle;
  }
  return empty;
}

interface Reason {
  /** `: no stream has …`, or '' */
  readonly because: string;
  readonly fix: string;
  /** True if another label has the value. */
  readonly renamed?: boolean;
}

/** The matcher that no stream satisfies in a span, and the label or value that was probably meant. */
async function reason(loki: LiveReader, { matchers }: Source, span: Span): Promise<Reason> {
  const names = await loki.labelNames(span);
  if (names.length === 0) {
    return { because: ': this tenant has no streams at all', fix: 'check --tenant, and that its collector sends logs' };
  }
  for (const matcher of matchers) {
    const { name, operator, value } = matcher;
    if (operator !== '=' && operator !== '=~') continue;
    if (operator === '=' && value.value === '') continue;
    const quoted = `${name}${operator}${JSON.stringify(value.value)}`;
    if (!names.includes(name)) {
      const elsewhere = operator === '=' ? await labelsWith(loki, matcher, names, span) : [];
      const because = `: no stream has the label '${name}'`;
      if (elsewhere.length > 0)
        return {
          because: `${because}, ${listed(matcher, elsewhere)}`,
          fix: useLabel(matcher, elsewhere),
          renamed: true,
        };
      return { because, fix: `correct the label${didYouMean(name, names)}` };
    }
    if ((await loki.series(`{${quoted}}`, span).catch(() => ['unknown'])).length > 0) continue;
    const because = `: no stream has ${quoted}`;
    if (operator === '=~') return { because, fix: `correct the value of '${name}'` };
    const elsewhere = await labelsWith(loki, matcher, names, span);
    if (elsewhere.length > 0)
      return { because: `${because}, ${listed(matcher, elsewhere)}`, fix: useLabel(matcher, elsewhere), renamed: true };
    const values = await loki.labelValues(name, span);
    return { because, fix: `correct the value of '${name}'${didYouMean(value.value, values)}` };
  }
  return {
    because: matchers.length > 1 ? ': each matcher alone matches streams, but none matches all' : '',
    fix: 'correct the selector',
  };
}

/** Other labels that have the value, of streams with lines in the span: the lists of labels are not limited to it. */
async function labelsWith(
  loki: LiveReader,
  { name: own, value }: LabelMatcher,
  names: readonly string[],
  span: Span,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of names.filter((each) => each !== own).slice(0, MAX_LABELS)) {
    if (!(await loki.labelValues(name, span)).includes(value.value)) continue;
    if ((await loki.series(`{${name}=${JSON.stringify(value.value)}}`, span)).length > 0) found.push(name);
  }
  return found;
}

function listed({ value }: LabelMatcher, names: readonly string[]): string {
  const have = names.length === 1 ? 'has' : 'have';
  return `but ${names.map((name) => `'${name}'`).join(' and ')} ${have} the value ${JSON.stringify(value.value)}`;
}

function useLabel({ value }: LabelMatcher, [name]: readonly string[]): string {
  return `if the label was renamed, use ${name}=${JSON.stringify(value.value)}`;
}
