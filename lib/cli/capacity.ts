import { Command, InvalidArgumentError, Option } from 'commander';
import { byteQuantity } from '../kubernetes/quantity';
import { type Capacity, capacity } from '../loki/capacity';
import { DEFAULT_RETENTION } from '../loki/loki';
import { podsName } from '../loki/target';
import type { LokiTargetName } from '../loki/targets';
import { parseDuration } from '../rules/duration';
import { CLEAN, UsageError } from './exit-codes';

interface Flags {
  readonly linesPerSecond: number;
  readonly lineBytes: number;
  readonly retention: string;
  readonly replicationFactor: number;
  readonly json: boolean;
}

/** `loki-alerts capacity --lines-per-second <n> --line-bytes <n> --retention <duration>` */
export function capacityCommand(): Command {
  return new Command('capacity')
    .description('replicas, memory and storage of a distributed Loki, from lines per second, line size and retention')
    .requiredOption('--lines-per-second <number>', 'lines per second in the busiest hour', positive)
    .requiredOption('--line-bytes <number>', 'bytes of a line, on average', positive)
    .addOption(new Option('--retention <duration>', 'how long logs are kept').default(DEFAULT_RETENTION))
    .option('--replication-factor <number>', 'on how many ingesters each line lies', odd, 3)
    .option(
      '--json',
      'print one JSON object; in the options of LogAlerting, its options stand as loki and its pods as pods',
      false,
    )
    .addHelpText('after', '\nExit codes: 0 computed, 2 could not. docs/capacity.md says where the figures come from.')
    .action((flags: Flags) => {
      console.log(report(flags));
      process.exitCode = CLEAN;
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('write a number above 0');
  return number;
}

function odd(text: string): number {
  const number = Number(text);
  if (!(Number.isInteger(number) && number > 0 && number % 2 === 1)) throw new InvalidArgumentError('write 1, 3 or 5');
  return number;
}

function report({ retention, json, ...input }: Flags): string {
  const milliseconds = parseDuration(retention);
  if (!milliseconds) throw new UsageError(`--retention '${retention}' is no duration; write for instance '30d'`);
  const result = computed({ ...input, retentionSeconds: milliseconds / 1000 });
  return json ? JSON.stringify(result, undefined, 2) : text(result, retention);
}

function computed(input: Parameters<typeof capacity>[0]): Capacity {
  try {
    return capacity(input);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function text({ bytesPerDay, bucketBytes, walBytes, requests, options, pods }: Capacity, retention: string): string {
  const counts = { ...options.replicas, compactor: 1 };
  const rows = (Object.keys(counts) as LokiTargetName[]).map((name) => {
    const { cpu, memory, memoryLimit } = pods[podsName(name)].resources;
    return [podsName(name), `${counts[name]}`, cpu, memory, memoryLimit];
  });
  const table = [['', 'pods', 'cpu', 'memory', 'limit'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    `logs      ${byteQuantity(bytesPerDay)} a day`,
    `bucket    ${byteQuantity(bucketBytes)} after ${retention}`,
    `disks     ${options.storage} for each ingester, index gateway and the compactor; write-ahead log ${byteQuantity(walBytes)}`,
    `together  ${requests.cpu.toFixed(1)} cores, ${byteQuantity(requests.memoryBytes)} memory, ${byteQuantity(requests.diskBytes)} disk`,
  ].join('\n');
}
