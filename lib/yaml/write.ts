import { Document, isScalar, Scalar, visit } from 'yaml';

/**
 * Characters that YAML does not allow unescaped, or that are line breaks only in YAML 1.1: control characters, line
 * separators, the byte order mark and noncharacters.
 */
const NEEDS_ESCAPE = /[^\t\n -~\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** Lines of only white space, which block literals cannot represent safely. */
const NEEDS_QUOTES = /^[ \t]+$/m;

/**
 * Returns YAML for Loki and Alertmanager: multi-line strings as block literals, no folded lines, no anchors. Equal
 * values give equal bytes.
 *
 * @param decorate adds comments @default none
 */
export function writeYaml(value: object, decorate: (document: Document) => void = () => {}): string {
  // Both read YAML 1.1, in which unquoted `yes`, `on` and `0o7` are not strings.
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, (_key, node) => {
    if (!isScalar(node) || typeof node.value !== 'string') return;
    if (NEEDS_ESCAPE.test(node.value) || NEEDS_QUOTES.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
  });
  decorate(document);
  return document
    .toString({ lineWidth: 0, blockQuote: 'literal', doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY })
    .replace(new RegExp(NEEDS_ESCAPE, 'gu'), (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
