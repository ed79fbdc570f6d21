import { Command, Option } from 'commander';
import { formatFinding } from '../checks/findings';
import { CLEAN, COULD_NOT_RUN, FOUND, UsageError } from '../lint/exit-codes';
import { RemoteLoki } from '../remote-loki/remote-loki';
import { formatLabels } from '../rule-tests/labels';
import { type ReplayedAlert, replay } from '../rule-tests/replay';
import { plot } from '../rule-tests/report/plot';
import { rulerInterval, usesDefaultInterval } from '../rule-tests/ruler-interval';
import { checkRuleFiles } from '../rules/check-rules';
import type { RuleFile } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { OWN_TENANT, rulesOfTenant, tenantsOf } from '../rules/tenant';
import { formatDuration } from '../text/duration';
import { type Paint, paintFor } from '../text/paint';
import { LOKI_HELP, lokiOption, remoteOptions, tenantOption } from './loki-options';
import { type OutputStream, printLine, type Shell } from './shell';
import { toDate, toMilliseconds } from './time-options';

interface Options {
  readonly loki: string;
  /** Milliseconds. */
  readonly since: number;
  readonly until?: Date;
  readonly tenant?: string;
  readonly evaluationInterval?: string;
  /** False to fail instead of building or downloading promtool. */
  readonly build: boolean;
  readonly format: 'text' | 'json';
}

/** Default of the ruler's `evaluation_interval`. */
const DEFAULT_INTERVAL = '1m';

/** Maximum number of episodes listed per alert; the rest are counted. */
const LISTED = 10;

/** `loki-alerts replay`: exit code 0 if all alerts were evaluated, 1 if one could not be, 2 if it could not run. */
export function replayCommand(shell: Shell): Command {
  return new Command('replay')
    .description('show which alerts would have fired on the logs of a running Loki, when and how often; read-only')
    .argument('<rules...>', 'rule files, folders or globs')
    .addOption(lokiOption())
    .addOption(
      new Option('--since <duration>', 'length of the time range').argParser(toMilliseconds).default(86_400_000, '24h'),
    )
    .option('--until <time>', 'end of the time range, RFC 3339 (default: now)', toDate)
    .addOption(tenantOption())
    .option(
      '--evaluation-interval <duration>',
      "the ruler's evaluation_interval, for groups without an interval (default: that of the Loki in the rule files, or 1m)",
      checkedDuration,
    )
    .option('--no-build', 'fail if promtool is not on this machine, instead of building or downloading it')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      [
        `\n${LOKI_HELP}`,
        'Exit codes: 0 all alerts evaluated, 1 some could not be evaluated, 2 could not run.',
        'Docs: loki-alerts explain rule-tests',
      ].join('\n'),
    )
    .action(async (patterns: string[], options: Options) => {
      shell.exitCode = await run(patterns, options, shell);
    });
}

function checkedDuration(text: string): string {
  toMilliseconds(text);
  return text;
}

async function run(
  patterns: readonly string[],
  { loki: url, since, until = new Date(), tenant, ...options }: Options,
  { stdout, stderr }: Shell,
): Promise<number> {
  const remote = remoteOptions(url, tenant);
  const read = readRuleFiles(patterns);
  const files = rulesOfTenant(read, tenant);
  if (!files)
    throw new UsageError(`no rules of tenant '${tenant ?? OWN_TENANT}': set --tenant to one of ${tenantsOf(read)}`);
  const { interval: evaluationInterval, note } = intervalFor(patterns, files, options.evaluationInterval);
  const errors = checkRuleFiles(files, { evaluationInterval }).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    for (const error of errors) printLine(stderr, formatFinding(error));
    return COULD_NOT_RUN;
  }
  const toMs = until.getTime();
  const fromMs = toMs - since;
  try {
    const loki = new RemoteLoki(remote);
    const version = await loki.version();
    if (note) printLine(stderr, note);
    const { format, build } = options;
    const onAlert = (alert: string, i: number, count: number) => printLine(stderr, `${i + 1}/${count} ${alert}`);
    const alerts = await replay(loki, files, {
      fromMs,
      toMs,
      evaluationInterval,
      onAlert: stderr.isTTY ? onAlert : undefined,
      engines: { build, progress: (message) => printLine(stderr, message) },
    });
    if (format === 'json') printJson(stdout, alerts, version, fromMs, toMs);
    else for (const line of text(alerts, paintFor(stdout))) printLine(stdout, line);
    return alerts.some(({ error }) => error !== undefined) ? FOUND : CLEAN;
  } catch (error) {
    printLine(stderr, (error as Error).message);
    return COULD_NOT_RUN;
  }
}

/** Returns the interval of groups without their own, and where it is from, if there are such groups. */
function intervalFor(
  patterns: readonly string[],
  files: readonly RuleFile[],
  given: string | undefined,
): { readonly interval: string; readonly note?: string } {
  if (given !== undefined || !usesDefaultInterval(files)) return { interval: given ?? DEFAULT_INTERVAL };
  const found = rulerInterval(patterns);
  const interval = found?.interval ?? DEFAULT_INTERVAL;
  const fix = 'set --evaluation-interval if the ruler has another one';
  const origin = found ? `as in ${found.file}` : `Loki's default: ${fix}`;
  return { interval, note: `groups without an interval are evaluated every ${interval}, ${origin}` };
}

function text(alerts: readonly ReplayedAlert[], paint: Paint): string[] {
  return alerts.flatMap(({ alert, episodes, error, timeline }) => {
    if (error) return [`${paint('red', '!')} ${paint('bold', alert)} could not be evaluated: ${error}`, ''];
    if (episodes.length === 0)
      return [`${paint('green', '·')} ${paint('bold', alert)} would not have fired`, ...drawing(timeline, paint), ''];
    const sets = new Set(episodes.map(({ labels }) => formatLabels(labels))).size;
    const times =
      episodes.length === 1
        ? 'once'
        : `${episodes.length} times, for ${sets} ${sets === 1 ? 'label set' : 'label sets'}`;
    return [
      `${paint('red', '█')} ${paint('bold', alert)} would have fired ${times}`,
      ...episodes.slice(0, LISTED).map(({ labels, fromMs, untilMs }) => {
        const end =
          untilMs === undefined
            ? 'still firing at the end'
            : `until ${iso(untilMs)} (${formatDuration(untilMs - fromMs)})`;
        return `    ${iso(fromMs)} ${end}  ${formatLabels(labels)}`;
      }),
      ...(episodes.length > LISTED ? [`    and ${episodes.length - LISTED} more; --format json lists all`] : []),
      ...drawing(timeline, paint),
      '',
    ];
  });
}

function drawing(timeline: ReplayedAlert['timeline'], paint: Paint): string[] {
  return timeline && timeline.series.length > 0
    ? ['', ...plot(timeline, paint).map((line) => `    ${line}`.trimEnd())]
    : [];
}

function printJson(
  stdout: OutputStream,
  alerts: readonly ReplayedAlert[],
  loki: string,
  fromMs: number,
  toMs: number,
): void {
  const plain = alerts.map(({ alert, group, episodes, error }) => ({
    alert,
    group,
    error,
    firings: episodes.map(({ labels, fromMs: from, untilMs }) => ({
      labels,
      from: iso(from),
      until: untilMs === undefined ? null : iso(untilMs),
    })),
  }));
  printLine(stdout, JSON.stringify({ loki, from: iso(fromMs), to: iso(toMs), alerts: plain }, null, 2));
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
