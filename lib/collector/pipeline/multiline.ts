import type { Duration } from '../../rules/model';
import { durationMs } from '../../text/duration';
import type { MultilinePreset, MultilineRule } from './options';

/** Promtail's default. */
const MAX_WAIT = '3s';

/** At 500 bytes a line, this is the size to which Loki cuts an entry. */
const MAX_LINES = 500;

/**
 * Lines of a stack trace after its first one, at their beginning. Both collectors see one line at a time, so a line is
 * only recognized by itself: a line such as `java.io.IOException: closed`, which may follow a message or be the first
 * line of a trace, begins an entry.
 */
const CONTINUATIONS: Readonly<Record<MultilinePreset, readonly string[]>> = {
  java: [
    String.raw`\s+(?:at |\.\.\. \d+ )`,
    // Indented below a suppressed exception. Logback's `rEx` begins with the cause.
    String.raw`\s*(?:Caused by|Suppressed|Wrapped by): `,
    String.raw`\s*\[CIRCULAR REFERENCE`,
  ],
  python: [
    String.raw`[ \t]+\S`,
    // The last line of a trace: `ValueError: …`, `requests.exceptions.ConnectTimeout: …`.
    String.raw`(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt|Iteration|Group)(?:: |$)`,
    String.raw`(?:[A-Za-z_]\w*\.)+[A-Z]\w*(?:: |$)`,
    'During handling of the above exception, another exception occurred:',
    'The above exception was the direct cause of the following exception:',
  ],
  go: [
    String.raw`\t`,
    String.raw`goroutine \d+ `,
    // A function with its arguments: `net/http.(*conn).serve(0xc0000a6000, …)`.
    String.raw`(?:panic|[\w./~%-]+\.[\w.()*\[\]]+)\(.*\)$`,
    'created by ',
    String.raw`\[(?:signal|originating from goroutine) `,
    'runtime stack:',
    String.raw`\.\.\.`,
    // Registers after a signal.
    String.raw`PC=0x|r\w{1,5} +0x|[cfg]s +0x`,
    String.raw`exit status \d+$`,
  ],
  dotnet: [
    // Also the text below the category, in the format of the console logger.
    String.raw`[ \t]+\S`,
    '--- End of ',
  ],
};

/** An empty line, as between the parts of a trace of Python or Go. */
const EMPTY = '$';

/** A rule with its defaults filled in. */
export interface ResolvedMultiline {
  /** The first line of an entry: one that matches `first`, or one that does not match `continuation`. */
  readonly entry: { readonly first: string } | { readonly continuation: string };
  /** Milliseconds. */
  readonly maxWaitMs: number;
  readonly maxLines: number;
}

/** Returns a rule with its defaults. */
export function resolveMultiline({
  preset,
  firstLine,
  maxWait,
  maxLines = MAX_LINES,
}: MultilineRule): ResolvedMultiline {
  return {
    entry:
      preset === undefined
        ? { first: firstLine ?? '' }
        : { continuation: `^(?:${[...CONTINUATIONS[preset], EMPTY].join('|')})` },
    maxWaitMs: msOf(maxWait ?? MAX_WAIT),
    maxLines,
  };
}

/** The schema requires a valid duration. */
function msOf(duration: Duration): number {
  return durationMs(duration) ?? 0;
}
