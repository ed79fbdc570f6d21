import { Command, InvalidArgumentError, Option } from 'commander';
import * as shipped from '../../rules';
import { byteQuantity, quantityValue } from '../kubernetes/quantity';
import { CLEAN, UsageError } from '../lint/exit-codes';
import { readPaths } from '../lint/inputs';
import { type Progress, terminalProgress } from '../lint/progress';
import { type Capacity, capacity } from '../loki/capacity';
import { DEFAULT_RETENTION } from '../loki/loki';
import { type RuleCost, ruleCosts } from '../loki/rule-cost';
import { slowRules } from '../loki/single-capacity';
import { podsName } from '../loki/target';
import type { LokiTargetName } from '../loki/targets';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { RuleFile } from '../rules/model';
import { durationMs } from '../text/duration';
import { table } from '../text/table';
import { jsonOption, printLine, type Shell } from './shell';

interface Flags {
  readonly linesPerSecond: number;
  readonly lineBytes: number;
  readonly retention: string;
  readonly replicationFactor: number;
  readonly rules?: readonly string[];
  readonly evaluationInterval: string;
  readonly volume?: string;
  readonly format: 'text' | 'json';
}

/** `loki-alerts capacity --lines-per-second <n> --line-bytes <n> --retention <duration>` */
export function capacityCommand(shell: Shell): Command {
  return new Command('capacity')
    .description('compute the size of a distributed Loki, and whether a single one suffices')
    .requiredOption('--lines-per-second <number>', 'lines per second in the busiest hour', positive)
    .requiredOption('--line-bytes <number>', 'average number of bytes per line', positive)
    .addOption(new Option('--retention <duration>', 'retention of logs').default(DEFAULT_RETENTION))
    .option('--replication-factor <number>', 'number of ingesters that store each line', odd, 3)
    .option('--rules <paths...>', 'rule files, or folders of manifests with rules (default: the included rules)')
    .addOption(
      new Option('--evaluation-interval <duration>', "the ruler's evaluation_interval").default(
        DEFAULT_EVALUATION_INTERVAL,
      ),
    )
    .option('--volume <quantity>', 'volume size of a single Loki; warns if the retention does not fit', volume)
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      [
        '\nIn JSON, options go in the option loki of LogAlerting, and pods in the option pods.',
        'Exit codes: 0 success, 2 could not run.',
        'Sources of the figures: loki-alerts explain capacity',
      ].join('\n'),
    )
    .action((flags: Flags) => {
      printLine(shell.stdout, report(flags, shell));
      shell.exitCode = CLEAN;
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('use a number above 0');
  return number;
}

function odd(text: string): number {
  const number = Number(text);
  if (!(Number.isInteger(number) && number > 0 && number % 2 === 1)) throw new InvalidArgumentError('use 1, 3 or 5');
  return number;
}

function volume(text: string): string {
  if (!(quantityValue(text) > 0)) throw new InvalidArgumentError('use a quantity, e.g. 50Gi');
  return text;
}

function report(
  { retention, format, rules: paths, evaluationInterval, volume, ...input }: Flags,
  { stderr }: Shell,
): string {
  const retentionSeconds = seconds('--retention', retention);
  seconds('--evaluation-interval', evaluationInterval);
  const files = paths ? rulesIn(paths, terminalProgress(stderr)) : shippedRules();
  const rules = ruleCosts(files, { linesPerSecond: input.linesPerSecond, evaluationInterval });
  const result = computed({ ...input, retentionSeconds, rules });
  const warnings = warningsOf(result, rules, retention, volume);
  return format === 'json'
    ? JSON.stringify({ ...result, rules, warnings }, undefined, 2)
    : [text(result, retention), ...ruleTable(rules), ...warnings.map((each) => `warning: ${each}`)].join('\n\n');
}

function seconds(flag: string, duration: string): number {
  const milliseconds = durationMs(duration);
  if (!milliseconds) throw new UsageError(`invalid duration "${duration}" of ${flag}: use e.g. 30d`);
  return milliseconds / 1000;
}

function rulesIn(paths: readonly string[], progress: Progress): RuleFile[] {
  const { rules } = readPaths(paths, progress);
  if (rules.length === 0)
    throw new UsageError(`no rules in ${paths.join(', ')}: use rule files, or a folder such as dist`);
  return rules.map(({ file }) => file);
}

function shippedRules(): RuleFile[] {
  // Links do not affect the cost.
  const links = { grafanaUrl: '' };
  const { errors, highLogRate, noLogs, pipeline, silence, watchdog } = shipped;
  return [errors, highLogRate, noLogs, pipeline, silence, watchdog].map((file) => file(links));
}

function warningsOf({ single }: Capacity, rules: readonly RuleCost[], retention: string, volume?: string): string[] {
  const full =
    volume !== undefined && single.volumeBytes > quantityValue(volume)
      ? [
          `a retention of ${retention} does not fit a volume of ${volume}: it needs ${byteQuantity(single.volumeBytes)} at this load, and Loki refuses lines when the volume is full; use a shorter retention or a larger volume`,
        ]
      : [];
  return [...full, ...slowRules(rules)];
}

/** Table of the rules that read all logs, with their cost in a single Loki. */
function ruleTable(rules: readonly RuleCost[]): string[] {
  const rows = rules
    .filter(({ cores }) => cores > 0)
    .map(({ rule, intervalSeconds, readSeconds, cpuSeconds, cores }) => [
      rule,
      `${intervalSeconds} s`,
      `${readSeconds} s`,
      `${cpuSeconds.toFixed(2)} s`,
      cores.toFixed(3),
    ]);
  return rows.length > 0 ? [table([['rule', 'every', 'reads logs of', 'CPU', 'cores'], ...rows])] : [];
}

function computed(input: Parameters<typeof capacity>[0]): Capacity {
  try {
    return capacity(input);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function text(
  { bytesPerDay, bucketBytes, walBytes, ruleCores, single, requests, options, pods }: Capacity,
  retention: string,
): string {
  const counts = { ...options.replicas, compactor: 1 };
  const rows = (Object.keys(counts) as LokiTargetName[]).map((name) => {
    const { cpu, memory, memoryLimit } = pods[podsName(name)].resources;
    return [podsName(name), `${counts[name]}`, cpu, memory, memoryLimit];
  });
  return [
    table([['', 'pods', 'cpu', 'memory', 'limit'], ...rows]),
    '',
    `logs      ${byteQuantity(bytesPerDay)} per day`,
    `bucket    ${byteQuantity(bucketBytes)} after ${retention}`,
    `disks     ${options.storage} each for ingesters, index gateways and the compactor; write-ahead log ${byteQuantity(walBytes)}`,
    `total     ${requests.cpu.toFixed(1)} cores, ${byteQuantity(requests.memoryBytes)} memory, ${byteQuantity(requests.diskBytes)} disk`,
    `rules     ${ruleCores.toFixed(2)} cores in rulers and ingesters`,
    single.obstacles.length === 0
      ? `single    suffices: ${single.cores.toFixed(2)} cores, storage: '${byteQuantity(single.volumeBytes)}'`
      : `single    does not suffice: ${single.obstacles.join('; ')}`,
  ].join('\n');
}
