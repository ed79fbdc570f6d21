import { isUtf8 } from 'node:buffer';
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isNode,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  visit,
} from 'yaml';
import { type Finding, finding, type Place } from '../../checks/findings';

/** A text and the way from an offset in it to a place in a file. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

/** One YAML document with its aliases resolved to the nodes they stand for. */
export interface YamlDocument {
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<Alias, Node>;
}

/** What is left of a read: documents, or what was wrong. */
export interface YamlText {
  readonly documents: readonly YamlDocument[];
  readonly findings: readonly Finding[];
}

/**
 * Largest file that is read, in bytes: 10 MiB hold some 25,000 rules, fifty times what Kubernetes allows in one
 * ConfigMap, and take under 3 s and 700 MB to parse.
 */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** What YAML forbids in a text (https://yaml.org/spec/1.2.2/#51-character-set), and Loki's reader with it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

/** A text that starts at the start of its file. */
export function sourceText(file: string, content: string): SourceText {
  // A carriage return alone ends a line for Loki's YAML reader, and not for ours.
  const text = content.replace(/\r(?!\n)/g, '\n');
  const lines = lineCounterOf(text);
  return {
    file,
    text,
    placeAt: (offset) => {
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      return { file, line, column: col, offset };
    },
  };
}

/** The finding with its place in the file: a text inside of it counts its lines from its own start. */
export function placeIn(source: SourceText, found: Finding): Finding {
  const offset = found.place?.offset;
  return offset === undefined ? found : { ...found, place: source.placeAt(offset) };
}

/** The bytes of a file as text, or what keeps them from being one. */
export function decodeText(file: string, bytes: Buffer): SourceText | Finding {
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(file, bytes.length);
  if (!isUtf8(bytes)) {
    return finding('unreadable-file', {
      problem: 'not UTF-8 text',
      fix: 'save it as UTF-8, or remove it',
      place: { file },
    });
  }
  return sourceText(file, bytes.toString('utf8'));
}

/** The finding on a file over the limit. */
export function tooLarge(file: string, bytes: number): Finding {
  const mib = (n: number) => `${Math.ceil(n / 1024 / 1024)} MiB`;
  const problem = `${mib(bytes)}, more than the limit of ${mib(MAX_FILE_BYTES)}`;
  return finding('unreadable-file', { problem, fix: 'divide it into several rule files', place: { file } });
}

/** Reads all YAML documents of a text. Never throws: what is not YAML becomes findings, and no document is left. */
export function parseYaml(source: SourceText, reader = 'Loki'): YamlText {
  const syntax = (problem: string, offset: number, fix?: string): Finding =>
    finding('yaml-syntax', {
      problem: `invalid YAML, which ${reader} refuses: ${problem}`,
      fix,
      place: source.placeAt(offset),
    });
  const failed = (problem: string, offset: number, fix?: string): YamlText => ({
    documents: [],
    findings: [syntax(problem, offset, fix)],
  });
  const forbidden = FORBIDDEN.exec(source.text);
  if (forbidden) {
    const code = forbidden[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    return failed(`character U+${code} is not allowed`, forbidden.index, 'remove it; is it a binary file?');
  }
  const tokens = tokenize(source.text);
  if ('stopped' in tokens) return failed(tokens.stopped, tokens.offset, tokens.fix);
  // Unique keys are the decoder's task: this one compares every key with every other.
  const parsed = [...new Composer({ prettyErrors: false, uniqueKeys: false }).compose(tokens)].map((document) => ({
    document,
    ...resolveAliases(document),
  }));
  const findings = parsed.flatMap(({ document, unresolved }) => [
    ...document.errors.map(({ message, pos }) =>
      syntax(
        message.replace(/^./, (c) => c.toLowerCase()),
        pos[0],
      ),
    ),
    ...unresolved.map(({ source: name, range }) =>
      syntax(
        `alias *${name} has no anchor &${name} before it`,
        range?.[0] ?? 0,
        'correct the name, or write the value',
      ),
    ),
  ]);
  if (findings.length > 0) return { documents: [], findings };
  return { documents: parsed.map(({ document, anchors }) => ({ root: document.contents, anchors })), findings };
}

/**
 * Deepest nesting, in the parser's own levels: a rule file needs 12. What builds the nodes goes down recursively, and
 * Node.js ends the whole process if a regular expression is compiled on a full stack.
 */
const MAX_DEPTH = 200;

/**
 * Most pieces that the lexer may cut a text into. 10,000 rules are 800,000; ten million line breaks would take half
 * a minute and more than a gigabyte.
 */
const MAX_LEXEMES = 2_000_000;

/** The tokens of a text, or why and where reading stopped. */
function tokenize(
  text: string,
): CST.Token[] | { readonly stopped: string; readonly offset: number; readonly fix: string } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const { offset } = parser;
    if (parser.stack.length > MAX_DEPTH)
      return { stopped: 'nested too deeply', offset, fix: 'remove levels; rule files have five' };
    if (++lexemes > MAX_LEXEMES) return { stopped: 'too many parts for a rule file', offset, fix: 'divide it' };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function lineCounterOf(text: string): LineCounter {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return counter;
}

/** An alias means the last node before it that has its anchor; those without one, and those inside of it, are errors. */
function resolveAliases(document: Document): { anchors: Map<Alias, Node>; unresolved: Alias[] } {
  const named = new Map<string, Node>();
  const anchors = new Map<Alias, Node>();
  const unresolved: Alias[] = [];
  visit(document, (_key, node, ancestors) => {
    if (isAlias(node)) {
      const target = named.get(node.source);
      if (target && !ancestors.includes(target)) anchors.set(node, target);
      else unresolved.push(node);
    } else if (isNode(node) && node.anchor) {
      named.set(node.anchor, node);
    }
  });
  return { anchors, unresolved };
}
