import type { Duration } from '../../rules/model';

/** Containers, selected by the names in the paths of their log files. Each name must match; no name selects all. */
export interface LogSelection {
  /** Namespaces. @default all */
  readonly namespaces?: readonly string[];
  /** Names of pods, in which `*` means any text, e.g. `shop-*`. @default all */
  readonly pods?: readonly string[];
  /** Names of containers. @default all */
  readonly containers?: readonly string[];
}

/** Language whose stack traces are recognized. */
export type MultilinePreset = 'java' | 'python' | 'go' | 'dotnet';

/** Kind of text that is recognized as confidential. */
export type RedactPreset = 'credentials' | 'emails';

/** Lines of some containers that are joined to entries. Either `preset` or `firstLine` is required. */
export interface MultilineRule extends LogSelection {
  /** Language whose stack traces are joined with the line before them. @default none */
  readonly preset?: MultilinePreset;
  /**
   * Regular expression (RE2) of the first line of each entry, e.g. `^\d{4}-\d{2}-\d{2} ` for logs whose messages begin
   * with a date. @default none
   */
  readonly firstLine?: string;
  /** Time without a further line after which an entry is complete; at most 1m. @default '3s' */
  readonly maxWait?: Duration;
  /** Maximum number of lines in an entry. @default 500 */
  readonly maxLines?: number;
}

/** Lines of some containers that are not sent to Loki. */
export interface DropRule extends LogSelection {
  /** Regular expression (RE2) that matches a part of the line. */
  readonly pattern: string;
}

/** Text in the lines of some containers that is replaced. Either `preset` or `pattern` is required. */
export interface RedactRule extends LogSelection {
  /** Kind of text that is replaced by `<redacted>`. @default none */
  readonly preset?: RedactPreset;
  /** Regular expression (RE2) of the text to replace. @default none */
  readonly pattern?: string;
  /** Replacement of `pattern`, in which `${1}` or `${name}` means a group of it. @default '<redacted>' */
  readonly replacement?: string;
}

/**
 * Changes to log lines on the node, before they are sent: first `multiline`, then `drop`, then `redact`.
 *
 * @example
 * const collectorPipeline: CollectorPipeline = {
 *   multiline: [{ namespaces: ['shop'], containers: ['api'], preset: 'java' }],
 *   drop: [{ namespaces: ['shop'], pattern: '^GET /healthz' }],
 *   redact: [{ preset: 'credentials' }, { pattern: String.raw`(card=)\d+`, replacement: '${1}<card>' }],
 * };
 */
export interface CollectorPipeline {
  /** Lines that become one entry. The first rule that selects a container applies. @default none */
  readonly multiline?: readonly MultilineRule[];
  /** Lines that are not sent. @default none */
  readonly drop?: readonly DropRule[];
  /** Text that is replaced, by one rule after the other. @default none */
  readonly redact?: readonly RedactRule[];
}
