import { goString } from '../../text/go-string';
import type { Redaction } from './redactions';

/** Options of `shapeOf`. */
export interface ShapeOptions {
  /** Name of the label. */
  readonly label: string;
  /** Replaces numbers, ids and addresses by `#`. */
  readonly fold: boolean;
  /** Maximum length in characters; a longer text ends with `…`. */
  readonly cut: number;
  /** Patterns that are hidden. */
  readonly redactions: readonly Redaction[];
}

/**
 * A word with a digit, and words joined to it, such as the parts of a time, a version, an address or a UUID. Parts of
 * hexadecimal numbers may have no digit. Backslashes would be written four times in a rule file.
 */
const DIGITS = '[0-9A-Za-z_]*[0-9][0-9A-Za-z_]*';
const ID = `(?:[0-9a-fA-F]{8}-)?${DIGITS}(?:[-:.,+]+(?:${DIGITS}|[0-9a-fA-F]{1,4}\\b))*`;

/** Characters that are read per character of the result: folding and redaction make texts shorter. */
const READ_PER_SHOWN = 4;

/**
 * Returns the stages of a LogQL query that put the shape of each line in a label: without credentials, with `#` for
 * each number, id and address, and cut at a character. Lines that are empty or that a stage failed on are left out.
 *
 * Templates are executed for each line, and compile their patterns each time: a redaction only runs on lines with one of
 * its probes.
 */
export function shapeOf({ label, fold, cut, redactions }: ShapeOptions): string {
  const template = [
    `{{ $line := printf ${goString(`%.${cut * READ_PER_SHOWN}s`)} __line__ }}`,
    ...(redactions.length > 0 ? [redacted(redactions)] : []),
    ...(fold ? [assigned(ID, '#')] : []),
    `{{ $cut := printf ${goString(`%.${cut}s`)} $line }}{{ $cut }}{{ if ne $cut $line }}…{{ end }}`,
  ].join('');
  return `| decolorize | label_format ${label}=${goString(template)} | ${label}!="" | __error__=""`;
}

function redacted(redactions: readonly Redaction[]): string {
  const guarded = redactions.map(({ pattern, replacement, probes }) => {
    const contained = probes.map((probe) => `(contains ${goString(probe)} $probe)`).join(' ');
    return `{{ if or ${contained} }}${assigned(pattern, replacement)}{{ end }}`;
  });
  return `{{ $probe := lower $line }}${guarded.join('')}`;
}

function assigned(pattern: string, replacement: string): string {
  return `{{ $line = regexReplaceAll ${goString(pattern)} $line ${goString(replacement)} }}`;
}
