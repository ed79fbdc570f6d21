import type { Parser } from '../../logql/syntax';
import type { Choose } from './choice';
import { setPath, toPath } from './json-path';
import type { Layer, ParsedFields } from './layers';
import { contains, patternText, type Requirement, regexpText, valueFor } from './requirement';

/** Fields in which programs log their message; the first one that is free is used for texts that filters require. */
const MESSAGE_FIELDS = ['msg', 'message', 'text', 'note'];

/** Returns a line that meets the requirements of all layers, or the closest one that was found. */
export function renderLayers(layers: readonly Layer[], choose: Choose): string {
  let inner: { readonly field: string; readonly line: string } | undefined;
  for (const layer of layers.toReversed()) {
    const line = renderLayer(layer, choose, inner);
    if (layer.field === undefined) return line;
    inner = { field: layer.field, line };
  }
  return inner?.line ?? '';
}

function renderLayer(
  { texts, parsers }: Layer,
  choose: Choose,
  inner: { readonly field: string; readonly line: string } | undefined,
): string {
  const [container, ...others] = parsers.map(({ parser, fields }) => ({ parser, values: valuesOf(fields, choose) }));
  if (inner && container) (others.at(-1) ?? container).values.set(inner.field, inner.line);
  const nested = others.map((other) => contains(renderParsed(other, [], choose)));
  const all = [...nested, ...texts, ...(inner && !container ? [contains(inner.line)] : [])];
  return container ? renderParsed(container, all, choose) : numbered(withAll('', all, choose), all);
}

function valuesOf(fields: ParsedFields['fields'], choose: Choose): Map<string, string> {
  const values = [...fields].map(([name, requirements]): [string, string] => [name, valueFor(requirements, choose)]);
  return new Map(values.filter(([, value]) => value !== ''));
}

interface Parsed {
  readonly parser: Parser;
  readonly values: Map<string, string>;
}

function renderParsed({ parser, values }: Parsed, texts: readonly Requirement[], choose: Choose): string {
  switch (parser.parser) {
    case 'json':
    case 'unpack':
      return renderJson(parser, values, texts, choose);
    case 'logfmt':
      return renderLogfmt(parser, values, texts, choose);
    case 'regexp':
      return withAll(regexpText(parser, values, choose), texts, choose);
    case 'pattern':
      return renderPattern(parser, values, texts, choose);
  }
}

/** Adds texts to a line until the requirements are met. */
function withAll(start: string, texts: readonly Requirement[], choose: Choose): string {
  let line = start;
  const met: Requirement[] = [];
  for (const text of texts) {
    met.push(text);
    if (text.accepts(line)) continue;
    const sample = text.samples?.(choose)[0] ?? '';
    const places = line === '' ? [sample] : [`${line} ${sample}`, `${sample} ${line}`, line + sample, sample + line];
    line = places.find((place) => met.every(({ accepts }) => accepts(place))) ?? places[0] ?? line;
  }
  return line;
}

/** Adds the number of the line, as far as the filters permit. */
function numbered(line: string, texts: readonly Requirement[]): string {
  const places = [`${line} line {{n}}`, `line {{n}} ${line}`, `${line} {{n}}`, `{{n}} ${line}`].map((place) =>
    place.trim(),
  );
  const accepted = (place: string) => texts.every(({ accepts }) => accepts(place.replaceAll('{{n}}', '1')));
  return places.find(accepted) ?? line;
}

function renderPattern(
  { pattern, captures }: Parser,
  values: ReadonlyMap<string, string>,
  texts: readonly Requirement[],
  choose: Choose,
): string {
  if (!pattern) return '';
  const missing = texts.filter(({ accepts }) => !accepts(patternText(pattern, values)));
  if (missing.length === 0) return patternText(pattern, values);
  const free = [...captures.filter((name) => !values.has(name)).toReversed(), '_'];
  const text = withAll('', missing, choose);
  const lines = free.map((name) => patternText(pattern, new Map([...values, [name, text]])));
  const accepted = (line: string) => texts.every(({ accepts }) => accepts(line));
  return [...lines, withAll(patternText(pattern, values), texts, choose)].find(accepted) ?? lines[0] ?? '';
}

function renderJson(
  parser: Parser,
  values: ReadonlyMap<string, string>,
  texts: readonly Requirement[],
  choose: Choose,
): string {
  const paths = new Map(parser.extractions.map(({ label, expression }) => [label, toPath(expression)]));
  const object: Record<string, unknown> = {};
  for (const [name, value] of values) setPath(object, paths.get(name) ?? [name], jsonValue(value));
  const message = messageField(object);
  return withTexts(texts, choose, {
    part: (text) => jsonMembers(text, object),
    join: (parts, text) => {
      const own = JSON.stringify(text === '' ? object : { ...object, [message]: text }).slice(1, -1);
      return `{${[...parts, ...(own === '' ? [] : [own])].join(',')}}`;
    },
  });
}

interface Form {
  /** Returns a text as a part of the format, if it is one. */
  part(text: string): string | undefined;
  /** Returns the line with these parts and this message. */
  join(parts: readonly string[], text: string): string;
}

/** Adds texts as parts of the format, such as `"level":"error"`, or else to the message. */
function withTexts(texts: readonly Requirement[], choose: Choose, form: Form): string {
  const parts: string[] = [];
  let message = '';
  let line = form.join(parts, message);
  for (const text of texts) {
    if (text.accepts(line)) continue;
    const sample = text.samples?.(choose)[0] ?? '';
    const inMessage = withAll(message, [contains(sample)], choose);
    const part = form.part(sample);
    if (part !== undefined && text.accepts(form.join([...parts, part], message))) parts.push(part);
    else message = inMessage;
    line = form.join(parts, message);
  }
  return line;
}

function messageField(object: Readonly<Record<string, unknown>>): string {
  return MESSAGE_FIELDS.find((name) => !(name in object)) ?? '_msg';
}

/** Returns a text such as `"level": "error` as members of a JSON object. */
function jsonMembers(text: string, object: Readonly<Record<string, unknown>>): string | undefined {
  if (!text.includes('"')) return undefined;
  const trimmed = text
    .replace(/^[{,\s]+/, '')
    .replace(/[},\s]+$/, '')
    .replaceAll('""', '","');
  for (const start of ['', '"']) {
    for (const end of ['', '"', '0', '""', ':0', '":0', '}', '"}']) {
      const members = start + trimmed + end;
      const parsed = parsedObject(`{${members}}`);
      if (parsed && Object.keys(parsed).length > 0 && !Object.keys(parsed).some((name) => name in object))
        return members;
    }
  }
  return undefined;
}

function parsedObject(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function jsonValue(value: string): unknown {
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(value) ? Number(value) : value;
}

function renderLogfmt(
  parser: Parser,
  values: ReadonlyMap<string, string>,
  texts: readonly Requirement[],
  choose: Choose,
): string {
  const names = new Map(parser.extractions.map(({ label, expression }) => [label, expression]));
  const own = new Map([...values].map(([label, value]) => [names.get(label) ?? label, value]));
  const fields = [...own].map(([name, value]) => `${name}=${logfmtValue(value)}`);
  const message = messageField(Object.fromEntries(own));
  const join = (parts: readonly string[], text: string) =>
    [...fields, ...parts, ...(text === '' ? [] : [`${message}=${logfmtValue(text)}`])].join(' ');
  return withTexts(texts, choose, {
    part: (text) => (/^\w+=("[^"]*"|[^\s"=]*)$/.test(text) ? text : undefined),
    join,
  });
}

function logfmtValue(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
