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

/** A problem of a text, with its offset. */
export interface YamlProblem {
  readonly problem: string;
  readonly fix?: string;
  readonly offset: number;
}

/** One YAML document, with the targets of its aliases. */
export interface YamlDocument {
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<Alias, Node>;
}

/** A document with its problems. Its nodes are only valid if there are none. */
export interface ParsedDocument extends YamlDocument {
  /** Offset of its start in the text. */
  readonly offset: number;
  readonly problems: readonly YamlProblem[];
}

/** Documents of a text, in order. */
export interface ParsedYaml {
  readonly documents: readonly ParsedDocument[];
  /** Problems of all documents. */
  readonly problems: readonly YamlProblem[];
}

/** Rules of a YAML parser: the texts that it refuses, and the types of scalars. */
export interface YamlDialect {
  /** True for go-yaml, which refuses more than YAML 1.2 does. Its v2 and v3 have the same scanner. */
  readonly isGo: boolean;
  /** True if scalars have types of their own; false if they are texts, whose type depends on the field. */
  readonly isTyped: boolean;
}

/** go-yaml v3, with which Loki reads rules. Kubernetes and Helm accept the same. */
export const LOKI_YAML: YamlDialect = { isGo: true, isTyped: true };

/**
 * go-yaml v2, with which Alertmanager reads its configuration: `5`, `yes` and `0x10` are strings only in a string
 * field.
 */
export const ALERTMANAGER_YAML: YamlDialect = { isGo: true, isTyped: false };

/** YAML 1.2, for files that only this project reads. */
export const OWN_YAML: YamlDialect = { isGo: false, isTyped: true };

/** Characters that YAML does not allow. Upstream: `yaml_parser_update_buffer` of go-yaml, the same in v2 and v3. */
const FORBIDDEN = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Maximum nesting, in the parser's own levels: a rule file has 12. The nodes are built recursively, and Node.js ends
 * the whole process if a regular expression is compiled when the stack is full.
 */
const MAX_DEPTH = 200;

/**
 * Maximum number of lexemes in a text. 10,000 rules have 800,000; ten million line breaks would take half a minute and
 * more than a gigabyte.
 */
const MAX_LEXEMES = 2_000_000;

/** Parses all YAML documents of a text. Never throws. */
export function parseYaml(text: string, { isGo, isTyped }: YamlDialect = LOKI_YAML): ParsedYaml {
  const forbidden = isGo && FORBIDDEN.exec(text);
  if (forbidden) {
    const code = (forbidden[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
    const problem = {
      problem: `character U+${code} is not allowed`,
      fix: 'remove it; if the file is binary, exclude it',
    };
    return { documents: [], problems: [{ ...problem, offset: forbidden.index }] };
  }
  const tokens = tokenize(text);
  if ('problem' in tokens) return { documents: [], problems: [tokens] };
  const documents = composed(tokens, isTyped).map((document): ParsedDocument => {
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

function composed(tokens: readonly CST.Token[], isTyped: boolean): Document.Parsed[] {
  const { stackTraceLimit } = Error;
  // A template of manifests has hundreds of errors, and their stack traces take longer than the rest.
  Error.stackTraceLimit = 0;
  try {
    // The readers check that keys are unique: the package compares every key with every other.
    const composer = new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      ...(!isTyped && { version: '1.1', schema: 'failsafe' }),
    });
    return [...composer.compose(tokens)];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Returns the tokens of a text, or the problem at which parsing stopped. */
function tokenize(text: string): CST.Token[] | YamlProblem {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    const { offset } = parser;
    if (parser.stack.length > MAX_DEPTH) return { problem: 'nested too deeply', offset, fix: 'use fewer levels' };
    if (++lexemes > MAX_LEXEMES) return { problem: 'too large', offset, fix: 'split the file' };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/**
 * Resolves each alias to the last node before it with its anchor. Reports those without one, or inside the node itself.
 */
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

/** Problems that go-yaml refuses and YAML 1.2 allows. Upstream: `scannerc.go`. */
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
