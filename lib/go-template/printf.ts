import { type ComputedText, joined, known, unknown } from './computed-text';
import { ANY, type GoType, type GoValue, STRING } from './types';

/** A wrong verb or number of arguments, which Go writes into the text. */
export interface FormatProblem {
  readonly message: string;
  readonly fix: string;
  readonly from: number;
}

/** `%[1]-5.2q`: flags, argument index, width, precision, argument index, verb. */
const VERB = /%([+\-# 0]*)(\[\d+\])?(\*|\d+)?(?:\.(?:\[\d+\])?(\*|\d+)?)?(\[\d+\])?(.?)/gsu;

/** Verbs by the kind of the value (Go, `fmt/print.go`). */
const VERBS: Partial<Readonly<Record<GoType['kind'], string>>> = {
  string: 'svqxX',
  bool: 'tv',
  int: 'bcdoOqxXUv',
  float: 'beEfFgGxXv',
};

/** Verbs that write text as it is. */
const PLAIN = 'sv';

/**
 * Returns the text of `printf`, undefined if its format is not known; with the errors that Go writes into it.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/fmt/print.go
 */
export function printf(
  format: ComputedText | undefined,
  args: readonly GoValue[],
): { readonly text?: ComputedText; readonly problems: readonly FormatProblem[] } {
  if (!format || format.values.length > 0) return { problems: [] };
  const parts: ComputedText[] = [];
  const problems: FormatProblem[] = [];
  const plain = (from: number, to: number) => known(format.text.slice(from, to), format.offsets.slice(from, to));
  let next = 0;
  let reordered = false;
  let end = 0;
  for (const match of format.text.matchAll(VERB)) {
    const [all, flags = '', index, width, precision, secondIndex, verb = ''] = match;
    const from = format.offsets[match.index] ?? 0;
    const report = (message: string, fix: string) => problems.push({ message, fix, from });
    parts.push(plain(end, match.index));
    end = match.index + all.length;
    if (verb === '%') {
      parts.push(known('%', from));
      continue;
    }
    if (verb === '') {
      report('the format ends with "%", which printf writes as "%!(NOVERB)"', 'write %% for a percent sign');
      continue;
    }
    const at = secondIndex ?? index;
    if (at !== undefined) {
      next = Number(at.slice(1, -1)) - 1;
      reordered = true;
    }
    next += [width, precision].filter((each) => each === '*').length;
    const arg = args[next++];
    if (!arg) {
      report(
        `no argument for ${all}, which printf writes as "%!${verb}(${at ? 'BADINDEX' : 'MISSING'})"`,
        'add the argument, or write %% for a percent sign',
      );
      continue;
    }
    if (!accepts(verb, arg.type)) {
      report(`${all} is not for ${arg.type.name}, which printf writes as "%!${verb}(${arg.type.name}=…)"`, fixFor(arg));
      continue;
    }
    parts.push(
      written({ verb, all, isPlain: flags === '' && width === undefined && precision === undefined }, arg, from),
    );
  }
  const left = args.length - next;
  if (left > 0 && !reordered) {
    const which = left === 1 ? 'the last argument' : `the last ${left} arguments`;
    const from = format.offsets[0] ?? 0;
    problems.push({
      message: `no verb for ${which} of printf, which writes "%!(EXTRA …)" after the text`,
      fix: left === 1 ? 'add a verb, or remove the argument' : 'add verbs, or remove the arguments',
      from,
    });
  }
  parts.push(plain(end, format.text.length));
  return problems.length > 0 ? { problems } : { text: joined(parts), problems };
}

/** Values with a method `String`, such as times, are texts. Go applies the verb to each part of other values. */
function accepts(verb: string, { kind, items = ANY, fields, methods = {} }: GoType): boolean {
  if (verb === 'T' || (Object.hasOwn(methods, 'String') && VERBS.string?.includes(verb))) return true;
  if (kind === 'map') return verb === 'p' || (accepts(verb, STRING) && accepts(verb, items));
  if (kind === 'list') return verb === 'p' || accepts(verb, items);
  if (kind === 'struct') return fields !== undefined && Object.values(fields).every((field) => accepts(verb, field));
  return VERBS[kind]?.includes(verb) ?? true;
}

function fixFor({ type }: GoValue): string {
  if (type.kind === 'string') return 'use %s, or %q for a text in quotes';
  if (type.kind === 'bool') return 'use %t';
  return type.kind === 'float' ? 'use %v, or %.0f for a whole number' : 'use %v, or %d';
}

interface Verb {
  readonly verb: string;
  /** With flags, width and precision. */
  readonly all: string;
  /** True without flags, width and precision. */
  readonly isPlain: boolean;
}

function written({ verb, all, isPlain }: Verb, { type, text, label }: GoValue, from: number): ComputedText {
  const isText = type.kind === 'string';
  if (isPlain && PLAIN.includes(verb) && text) return text;
  if (isPlain && verb === 'd' && text) return text;
  if (isPlain && verb === 'q' && isText && text?.values.length === 0) return known(JSON.stringify(text.text), from);
  const kind = isText ? 'string' : type.kind === 'int' || type.kind === 'float' ? 'number' : 'any';
  const quoted = verb === 'q' && isText;
  return unknown({ kind, quoted, verb: all, ...(label !== undefined && { label }) }, from);
}

/** Returns the text of `print`: with spaces between values of which none is a text. */
export function print(args: readonly GoValue[], from: number): ComputedText {
  return joined(
    args.flatMap((arg, i) => {
      const previous = args[i - 1];
      const spaced = previous && previous.type.kind !== 'string' && arg.type.kind !== 'string';
      return [...(spaced ? [known(' ', from)] : []), textOf(arg, from)];
    }),
  );
}

/** Returns the text of a value, which may be unknown. */
export function textOf({ type, text, label }: GoValue, from: number): ComputedText {
  if (text) return text;
  const kind = type.kind === 'string' ? 'string' : type.kind === 'int' || type.kind === 'float' ? 'number' : 'any';
  return unknown({ kind, quoted: false, ...(label !== undefined && { label }) }, from);
}
