import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  Scalar,
  visit,
} from 'yaml';

/** What is wrong with a text, and where. */
export interface YamlProblem {
  readonly problem: string;
  readonly fix?: string;
  readonly offset: number;
}

/** One YAML document with its aliases resolved to the nodes they stand for. */
export interface YamlDocument {
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<Alias, Node>;
}

/** A document with what is wrong with it. Its nodes are worth reading only if that is nothing. */
export interface ParsedDocument extends YamlDocument {
  /** Where it starts. */
  readonly offset: number;
  readonly problems: readonly YamlProblem[];
}

/** Documents of a text, in their order. */
export interface ParsedYaml {
  readonly documents: readonly ParsedDocument[];
  /** What is wrong with all documents. */
  readonly problems: readonly YamlProblem[];
}

/** What a reader of YAML refuses, and how it takes scalars. */
export interface YamlDialect {
  /** Whether it is go-yaml, which refuses more than YAML 1.2 does: the scanners of its v2 and v3 are the same. */
  readonly isGo: boolean;
  /** Whether scalars have types by themselves; if not, all are texts, whose meaning depends on the field. */
  readonly isTyped: boolean;
}

/** go-yaml v3, by which Loki reads rules. Kubernetes and Helm take what it takes. */
export const LOKI_YAML: YamlDialect = { isGo: true, isTyped: true };

/** go-yaml v2, by which Alertmanager reads: `5`, `yes` and `0x10` are texts in a field of texts, and no others. */
export const ALERTMANAGER_YAML: YamlDialect = { isGo: true, isTyped: false };

/** YAML 1.2: files that this project alone reads. */
export const OWN_YAML: YamlDialect = { isGo: false, isTyped: true };

/** What YAML forbids in a text. Upstream: `yaml_parser_update_buffer` of go-yaml, the same in v2 and v3. */
const FORBIDDEN = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

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

/** Reads all YAML documents of a text. Never throws. */
export function parseYaml(text: string, { isGo, isTyped }: YamlDialect = LOKI_YAML): ParsedYaml {
  const forbidden = isGo && FORBIDDEN.exec(text);
  if (forbidden) {
    const code = (forbidden[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
    const problem = { problem: `character U+${code} is not allowed`, fix: 'remove it; is it a text file?' };
    return { documents: [], problems: [{ ...problem, offset: forbidden.index }] };
  }
  const tokens = tokenize(text);
  if ('problem' in tokens) return { documents: [], problems: [tokens] };
  // Unique keys are the decoders' task: this one compares every key with every other.
  const documents = [
    ...new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      ...(!isTyped && { version: '1.1', schema: 'failsafe' }),
    }).compose(tokens),
  ].map((document): ParsedDocument => {
    const errors = document.errors.map(({ message, pos }) => ({
      problem: message.replace(/^./, (c) => c.toLowerCase()),
      offset: pos[0],
    }));
    const { anchors, problems } = resolveAliases(document);
    const refused = isGo ? refusedByGo(document) : [];
    const offset = document.range[0];
    return { root: document.contents, anchors, offset, problems: [...errors, ...problems, ...refused] };
  });
  return { documents, problems: documents.flatMap(({ problems }) => problems) };
}

/** The tokens of a text, or why and where reading stopped. */
function tokenize(text: string): CST.Token[] | YamlProblem {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const { offset } = parser;
    if (parser.stack.length > MAX_DEPTH) return { problem: 'nested too deeply', offset, fix: 'remove levels' };
    if (++lexemes > MAX_LEXEMES) return { problem: 'too many parts', offset, fix: 'divide it' };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** An alias means the last node before it that has its anchor; those without one, and those inside of it, are wrong. */
function resolveAliases(document: Document): { anchors: Map<Alias, Node>; problems: YamlProblem[] } {
  const named = new Map<string, Node>();
  const anchors = new Map<Alias, Node>();
  const problems: YamlProblem[] = [];
  visit(document, (_key, node, ancestors) => {
    if (isAlias(node)) {
      const target = named.get(node.source);
      if (target && !ancestors.includes(target)) anchors.set(node, target);
      else problems.push({ ...aliasProblem(node.source, target !== undefined), offset: node.range?.[0] ?? 0 });
    } else if (isNode(node) && node.anchor) {
      named.set(node.anchor, node);
    }
  });
  return { anchors, problems };
}

function aliasProblem(name: string, containsItself: boolean): Omit<YamlProblem, 'offset'> {
  return containsItself
    ? { problem: `alias *${name} contains itself`, fix: 'write the values out' }
    : { problem: `alias *${name} has no anchor &${name} before it`, fix: 'correct the name, or write the values out' };
}

/** What YAML 1.2 allows and go-yaml does not. Upstream: `scannerc.go`. */
function refusedByGo(document: Document): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, (_key, node, ancestors) => {
    if (!isNode(node) || isAlias(node)) return;
    const offset = node.range?.[0] ?? 0;
    if (node.anchor && !/^[\w-]+$/.test(node.anchor))
      problems.push({ problem: `invalid anchor &${node.anchor}`, fix: 'use letters, digits, _ and -', offset });
    const isPlain = isScalar(node) && node.type === Scalar.PLAIN;
    if (isPlain && /^:|\?/.test(node.source ?? '') && ancestors.some(isFlow)) {
      const problem = 'unquoted "?" or leading ":" inside [ ] or { }';
      problems.push({ problem, fix: `quote it: ${JSON.stringify(node.source)}`, offset });
    }
  });
  return problems;
}

function isFlow(node: unknown): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}
