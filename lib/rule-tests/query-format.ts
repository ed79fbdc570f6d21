import { callsOf, parseTemplate } from '../go-template';

/** A text that is inserted into a template. */
interface Insertion {
  /** Offset in the template. */
  readonly at: number;
  readonly text: string;
}

/** Passes the argument of each `query` in a template to `printf`. */
export function withFormat(template: string, format: string): string {
  // From the end, so that the offsets of earlier ones stay valid.
  return insertions(template, format).reduceRight(
    (rest, { at, text }) => rest.slice(0, at) + text + rest.slice(at),
    template,
  );
}

/** Returns the insertions in the order of the template. */
function insertions(template: string, format: string): Insertion[] {
  const { nodes = [], definitions = new Map<string, never>() } = parseTemplate(template) ?? {};
  const calls = [nodes, ...definitions.values()].flatMap((each) => callsOf('query', each));
  const [before, piped] = texts(format);
  return calls
    .flatMap(({ from, argument }) =>
      argument
        ? [
            { at: argument.from, text: before },
            { at: argument.to, text: ')' },
          ]
        : [{ at: from, text: piped }],
    )
    .sort((a, b) => a.at - b.at);
}

function texts(format: string): readonly [before: string, piped: string] {
  const quoted = JSON.stringify(format);
  return [`(printf ${quoted} `, `printf ${quoted} | `];
}

/** Actions before each template (Prometheus, `rules/alerting.go`). */
const DEFINITIONS =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

const ERROR = /^(<error expanding template: .*?:)(\d+):(\d+)(: executing .*)/s;

/** Returns the error of a template with `printf` as that of the template without it; other texts are unchanged. */
export function originalError(rendered: string, template: string, format: string): string {
  const [, start, line, column, rest = ''] = ERROR.exec(rendered) ?? [];
  if (start === undefined) return rendered;
  return `${start}${line}:${originalColumn(template, format, Number(line), Number(column))}${withoutFormat(rest, format)}`;
}

/** Columns are bytes from the start of a line. */
function originalColumn(template: string, format: string, line: number, column: number): number {
  const whole = DEFINITIONS + template;
  const start =
    whole
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0);
  let inserted = 0;
  for (const { at, text } of insertions(template, format)) {
    const offset = at + DEFINITIONS.length;
    if (offset < start || whole.slice(start, offset).includes('\n')) continue;
    const own = Buffer.byteLength(whole.slice(start, offset)) + inserted;
    if (column <= own) break;
    inserted += Math.min(text.length, column - own);
  }
  return column - inserted;
}

/** Go prints the part of the template that failed. */
function withoutFormat(error: string, format: string): string {
  const [before, piped] = texts(format);
  let rest = error.replaceAll(piped, '');
  for (let at = rest.lastIndexOf(before); at >= 0; at = rest.lastIndexOf(before)) {
    const inner = at + before.length;
    const end = inner + argumentLength(rest.slice(inner));
    rest = rest.slice(0, at) + rest.slice(inner, end) + rest.slice(end + 1);
  }
  return rest;
}

/** Length of a text up to the parenthesis that closes the one before it. */
function argumentLength(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()]/gs)) {
    if (token === '(') depth++;
    if (token === ')' && depth-- === 0) return index;
  }
  return text.length;
}
