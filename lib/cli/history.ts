import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { type CompiledMatcher, labelMatcher, parseMatchers } from '../alertmanager/matchers/matchers';
import { CLEAN, COULD_NOT_RUN } from '../lint/exit-codes';
import { terminalProgress } from '../lint/progress';
import { parseLogQL } from '../logql';
import type { HistoryEntry } from '../remote-loki/history/event';
import { concerns, type History, readHistory } from '../remote-loki/history/history';
import { RemoteLoki } from '../remote-loki/remote-loki';
import { formatLabels } from '../rule-tests/labels';
import { excerpt } from '../text/excerpt';
import { table } from '../text/table';
import { LOKI_HELP, lokiOption, remoteOptions, tenantOption } from './loki-options';
import { printLine, type Shell } from './shell';
import { toDate, toMilliseconds } from './time-options';

interface Options {
  readonly loki: string;
  readonly tenant?: string;
  /** Milliseconds. */
  readonly since: number;
  readonly until?: Date;
  readonly selector: string;
  readonly format: 'text' | 'json';
}

/** `loki-alerts history`: exit code 0 if Loki was read, also if it has no history, 2 if it could not be. */
export function historyCommand(shell: Shell): Command {
  return new Command('history')
    .description('show who was notified of which alerts, when, and what was silenced; read-only')
    .addArgument(
      new Argument(
        '[matchers...]',
        "only these alerts, as in amtool: HighLogRate, app=web, 'severity=~warning|critical'",
      )
        .argParser((text, matchers: readonly CompiledMatcher[]) => [...matchers, ...toMatchers(text)])
        .default([]),
    )
    .addOption(lokiOption())
    .addOption(
      new Option('--since <duration>', 'length of the time range').argParser(toMilliseconds).default(86_400_000, '24h'),
    )
    .option('--until <time>', 'end of the time range, RFC 3339 (default: now)', toDate)
    .addOption(tenantOption())
    .addOption(
      new Option('--selector <selector>', "stream selector of Alertmanager's log")
        .argParser(toSelector)
        .default('{app="alertmanager"}'),
    )
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      [
        `\n${LOKI_HELP}`,
        'Exit codes: 0 the history is complete, or empty; 2 could not run.',
        'Docs: loki-alerts explain history',
      ].join('\n'),
    )
    .action(async (matchers: readonly CompiledMatcher[], options: Options) => {
      shell.exitCode = await run(matchers, options, shell);
    });
}

function toSelector(text: string): string {
  const { expr, problems } = parseLogQL(text);
  if (expr?.kind === 'log' && expr.stages.length === 0) return text;
  throw new InvalidArgumentError(problems[0]?.problem ?? 'use a stream selector, e.g. {app="alertmanager"}');
}

/** Parses a matcher; a name alone is that of an alert. */
function toMatchers(text: string): readonly CompiledMatcher[] {
  if (/^[\w:.-]+$/.test(text)) return [labelMatcher({ name: 'alertname', operator: '=', value: text })];
  const parsed = parseMatchers(text);
  if ('problem' in parsed) throw new InvalidArgumentError(parsed.problem);
  return parsed.matchers;
}

async function run(
  matchers: readonly CompiledMatcher[],
  { loki, tenant, since, until = new Date(), selector, format }: Options,
  { stdout, stderr }: Shell,
): Promise<number> {
  const remote = remoteOptions(loki, tenant);
  const [fromMs, toMs] = [until.getTime() - since, until.getTime()];
  const progress = terminalProgress(stderr);
  try {
    const report = (lines: number) => progress.say(`${lines} lines read`);
    const history = await readHistory(new RemoteLoki(remote), { selector, fromMs, toMs, progress: report });
    progress.end();
    const entries = history.entries.filter((entry) => concerns(entry, matchers));
    if (format === 'json') {
      const range = { loki: remote.url, from: iso(fromMs), to: iso(toMs) };
      printLine(stdout, JSON.stringify({ ...range, entries }, null, 2));
    } else if (entries.length > 0) printLine(stdout, asTable(entries));
    const note = noteOn(history, entries, selector);
    if (note) printLine(stderr, note);
    return CLEAN;
  } catch (error) {
    progress.end();
    if (error instanceof TypeError) throw error;
    printLine(stderr, (error as Error).message);
    return COULD_NOT_RUN;
  }
}

/** Returns the reason for an empty or partial history. */
function noteOn(history: History, shown: readonly HistoryEntry[], selector: string): string | undefined {
  if (!history.hasLog)
    return `note: Loki has no log of ${selector} in this time: check the collector, --tenant, --since and --selector`;
  if (!history.isRecorded)
    return 'note: Alertmanager recorded no events in this time, only failed notifications are shown: set alertmanager: { eventRecorder: true }';
  return shown.length === 0 ? 'note: none of the recorded events is about an alert with these labels' : undefined;
}

function asTable(entries: readonly HistoryEntry[]): string {
  const rows = entries.map((entry) => [
    entry.time.replace(/\.\d+Z$/, 'Z'),
    entry.event,
    alertsOf(entry),
    details(entry),
  ]);
  return table([['TIME', 'EVENT', 'ALERT', 'DETAILS'], ...rows]);
}

function alertsOf({ event, alerts, silence }: HistoryEntry): string {
  if (event === 'silence') return `{${(silence?.matchers ?? []).map(plain).join(', ')}}`;
  const [first = {}, ...others] = alerts;
  const { alertname, ...labels } = first;
  const text = [alertname && plain(alertname), Object.keys(labels).length > 0 && formatLabels(labels)]
    .filter(Boolean)
    .join(' ');
  return others.length > 0 ? `${text} and ${others.length} more` : text;
}

function details(entry: HistoryEntry): string {
  const { event, silence, lastTime, receiver = '', integration = '', reason, error, resolved, rule } = entry;
  const again = lastTime ? `, last at ${lastTime.replace(/\.\d+Z$/, 'Z')}` : '';
  const to = `${plain(receiver)}/${plain(integration)}`;
  switch (event) {
    case 'notified':
      return `${resolved ? 'resolved' : 'firing'} to ${to}${reason ? ` (${reason})` : ''}`;
    case 'failed':
      return `to ${to}: ${excerpt(plain(error ?? '').replace(`${to}: `, ''), 200)}`;
    case 'silenced':
      return `by ${bySilence(silence)}${again}`;
    case 'inhibited':
      return `${rule ? `by rule ${plain(rule)}` : 'by a rule without a name'}${again}`;
    case 'silence':
      return `${bySilence(silence)}, until ${silence?.endsAt}`;
    default:
      return '';
  }
}

function bySilence({ id = '', createdBy = '', comment = '' }: Partial<HistoryEntry['silence']> = {}): string {
  return `silence ${id.slice(0, 8)} of ${plain(createdBy)}: ${JSON.stringify(comment)}`;
}

/** A text of others on one line, without codes that a terminal would follow. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
