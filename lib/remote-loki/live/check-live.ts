import { type Finding, finding } from '../../checks/findings';
import { DEFAULT_EVALUATION_INTERVAL } from '../../rules/check-options';
import { subjectOf } from '../../rules/check-rules';
import type { RuleProblem } from '../../rules/checks/rule-check';
import { isAlert, type RuleFile } from '../../rules/model';
import { placeOf } from '../../rules/source';
import { aboutTenant } from '../../rules/tenant';
import { waivedAt } from '../../rules/waiver';
import { durationMs, formatDuration } from '../../text/duration';
import type { RemoteLoki } from '../remote-loki';
import { evaluateRule, formatBytes, type RuleEvaluation } from './evaluation';
import { missingFields } from './fields';
import { firings } from './firings';
import { type LoadedRule, loadedRule, type PlacedRule } from './loaded';
import { liveQuery } from './query';
import { LiveReader } from './reader';
import { ruleStreams } from './streams';

export interface LiveOptions {
  /** Time in which selectors are searched for streams, seconds. */
  readonly lookbackS: number;
  /** Time range of the replay, milliseconds; 0 for none. */
  readonly replayMs: number;
  /** The ruler's `evaluation_interval`. @default '1m' */
  readonly evaluationInterval?: string;
  /** True to return waived findings too. @default false */
  readonly keepWaived?: boolean;
  readonly progress?: (message: string) => void;
}

/** Findings, and one remark for each rule: streams, series, cost, state in the ruler, and how often it would have fired. */
export interface LiveResult {
  readonly findings: readonly Finding[];
  readonly notes: readonly Omit<Finding, 'severity'>[];
}

/** Rules that are examined at the same time: few enough for a Loki that others use. */
const CONCURRENT = 3;

interface Examined extends PlacedRule {
  readonly path: readonly (string | number)[];
  readonly problems: readonly RuleProblem[];
  /** Number of streams of all selectors. */
  readonly streams: number;
  /** True if at least one selector has streams, or is quiet for less than a day. */
  readonly alive: boolean;
  readonly evaluation?: RuleEvaluation;
  readonly state: LoadedRule;
}

/** Examines the rules of one tenant on a running Loki. Only reads. @throws if Loki does not answer */
export async function checkLive(
  loki: RemoteLoki,
  files: readonly RuleFile[],
  options: LiveOptions,
): Promise<LiveResult> {
  const { progress = () => {}, evaluationInterval = DEFAULT_EVALUATION_INTERVAL } = options;
  const reader = new LiveReader(loki);
  const rules = files.flatMap((file) =>
    file.groups.flatMap((group, g) =>
      group.rules.map((rule, r) => ({ file, group, rule, path: ['groups', g, 'rules', r] })),
    ),
  );
  let done = 0;
  const examined = await inParallel(rules, CONCURRENT, async (placed) => {
    progress(`${++done}/${rules.length} ${nameOf(placed)}`);
    return examine(reader, placed, options);
  });
  const intervalMs = ({ group }: PlacedRule) => durationMs(group.interval ?? evaluationInterval) ?? 0;
  const alive = examined.filter(
    (each) => isAlert(each.rule) && each.alive && slowRule(each, intervalMs(each)).length === 0,
  );
  const fired = await firings(loki, reader, alive, { ...options, evaluationInterval, progress });

  const findings = examined.flatMap((each) => [
    ...each.problems.map((problem) => toFinding(each, problem, loki.tenant)),
    ...slowRule(each, intervalMs(each)).map((problem) => toFinding(each, problem, loki.tenant)),
  ]);
  const slow = slowGroups(examined, intervalMs).map((found) => aboutTenant(loki.tenant, found));
  const notes = examined.map((each): Omit<Finding, 'severity'> => {
    const { severity: _, ...note } = toFinding(each, remark(each, intervalMs(each), fired.get(each.rule)), loki.tenant);
    return note;
  });
  const shown = [...findings, ...slow].filter(({ waived }) => waived === undefined || options.keepWaived);
  return { findings: shown, notes };
}

async function examine(
  loki: LiveReader,
  placed: PlacedRule & { path: Examined['path'] },
  { lookbackS }: LiveOptions,
): Promise<Examined> {
  const state = await loadedRule(loki, placed);
  const query = liveQuery(placed.rule);
  if (!query) return { ...placed, problems: state.problems, streams: 0, alive: false, state };
  const streams = await ruleStreams(loki, query, lookbackS);
  const evaluation = await evaluateRule(loki, query, placed.group);
  const failed = evaluation.problems.some(({ id }) => id === 'evaluation-fails');
  const missing = failed ? [] : await missingFields(loki, query, streams);
  // The ruler and this evaluation usually fail for the same reason.
  const ofRuler = state.problems.filter(({ id }) => !(failed && id === 'evaluation-fails'));
  return {
    ...placed,
    problems: [...streams.flatMap(({ problem }) => problem ?? []), ...missing, ...evaluation.problems, ...ofRuler],
    streams: streams.reduce((sum, { now }) => sum + now.length, 0),
    alive: streams.some(({ problem }) => problem === undefined),
    evaluation,
    state,
  };
}

function nameOf({ rule }: PlacedRule): string {
  return isAlert(rule) ? rule.alert : rule.record;
}

function toFinding(
  placed: Examined,
  { id, problem, fix, field = [], offset }: RuleProblem,
  tenant: string | undefined,
): Finding {
  const { rule, path } = placed;
  const check = id ?? 'evaluation-cost';
  const waived = waivedAt(rule.waive ?? [], check);
  return aboutTenant(tenant, {
    ...finding(check, {
      path: [...path, ...field],
      subject: subjectOf(placed),
      problem,
      fix,
      place: placeOf(rule, field, offset),
    }),
    ...(waived !== undefined && { waived }),
  });
}

function slowRule({ evaluation }: Examined, intervalMs: number): RuleProblem[] {
  const { seconds = 0 } = evaluation ?? {};
  if (seconds * 1000 <= intervalMs) return [];
  const problem = `an evaluation takes ${formatSeconds(seconds)}, longer than its interval of ${formatDuration(intervalMs)}: evaluations are missed`;
  return [
    {
      id: 'evaluation-cost',
      problem,
      fix: 'select fewer streams, shorten the range, or lengthen the interval',
      field: ['expr'],
    },
  ];
}

/** Groups of which no rule takes too long, but all together, one after another. */
function slowGroups(examined: readonly Examined[], intervalMs: (each: Examined) => number): Finding[] {
  return [...new Set(examined.map(({ group }) => group))].flatMap((group) => {
    const own = examined.filter((each) => each.group === group);
    const [first] = own as [Examined];
    const interval = intervalMs(first);
    const times = own.map(({ evaluation }) => (evaluation?.seconds ?? 0) * 1000);
    const sum = times.reduce((a, b) => a + b, 0);
    if (sum <= interval || times.some((time) => time > interval)) return [];
    const problem = `its ${own.length} rules, which are evaluated one after another, take ${formatSeconds(sum / 1000)}, longer than the interval of ${formatDuration(interval)}`;
    const fix = 'split the group, or lengthen its interval';
    const subject = subjectOf({ file: first.file, group });
    return [finding('evaluation-cost', { path: first.path.slice(0, 2), subject, problem, fix, place: placeOf(group) })];
  });
}

/** `3 streams, 2 of at most 500 series; reads 1.2 MB in 40ms every 1m; loaded; would have fired 2 times in 24h` */
function remark({ streams, evaluation, state }: Examined, intervalMs: number, fired: string | undefined): RuleProblem {
  const { series, maxSeries, bytes, seconds } = evaluation ?? {};
  const parts = [
    `${streams} stream${streams === 1 ? '' : 's'}${series === undefined ? '' : `, ${series} of at most ${maxSeries} series`}`,
    ...(bytes === undefined || seconds === undefined
      ? []
      : [`reads ${formatBytes(bytes)} in ${formatSeconds(seconds)} every ${formatDuration(intervalMs)}`]),
    state.loaded === undefined
      ? 'its state in the ruler is unknown, since the ruler API is off or denied'
      : state.loaded
        ? 'loaded'
        : 'not loaded',
    ...(fired === undefined ? [] : [fired]),
  ];
  return { id: 'evaluation-cost', problem: parts.join('; ') };
}

function formatSeconds(seconds: number): string {
  return seconds < 10 ? `${Math.round(seconds * 1000)}ms` : `${Math.round(seconds)}s`;
}

/** Works on items, a few at a time, in their order. */
async function inParallel<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = [...items.entries()];
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
