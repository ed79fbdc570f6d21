import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationMs } from '../text/duration';

/** Options of `check` for a running Loki. */
export interface LokiFlags {
  readonly loki?: string;
  readonly tenant?: string;
  /** Milliseconds. */
  readonly since: number;
  /** Milliseconds; 0 for none. */
  readonly replay: number;
}

/** Adds the options of `check --loki`. */
export function addLokiFlags(command: Command): Command {
  return command
    .option('--loki <url>', 'also check with a running Loki if each rule is alive; read-only')
    .addOption(new Option('--tenant <id>', 'with --loki: tenant, for X-Scope-OrgID').env('LOKI_ORG_ID'))
    .addOption(
      new Option('--since <duration>', 'with --loki: time in which streams are searched')
        .argParser(toMilliseconds)
        .default(7 * 86_400_000, '7d'),
    )
    .addOption(
      new Option('--replay <duration>', 'with --loki: time for which the alerts are replayed, 0s for none')
        .argParser(toMilliseconds)
        .default(86_400_000, '24h'),
    );
}

function toMilliseconds(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('use a duration, e.g. 24h or 7d');
  return ms;
}
