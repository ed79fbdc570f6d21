import type { StringLiteral } from './syntax';

/** A part of a pattern: `<name>`, `<_>` or the text between them. */
export type PatternPart = { readonly capture: string } | { readonly text: string };

/**
 * The parts of a pattern expression.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/log/pattern/lexer.rl
 */
export function patternParts({ value, bytes }: StringLiteral): PatternPart[] {
  // Loki's lexer takes the first byte that is not UTF-8 for the end of the pattern.
  const text = bytes ? validStart(bytes) : value;
  return text
    .split(/(<[A-Za-z_][A-Za-z0-9_]*>)/)
    .map((part, index) => (index % 2 ? { capture: part.slice(1, -1) } : { text: part }))
    .filter((part) => 'capture' in part || part.text !== '');
}

function validStart(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  // Streaming keeps back an unfinished character, and the fatal flag throws at the first byte that fits none.
  let text = '';
  try {
    for (const byte of bytes) {
      text += decoder.decode(Uint8Array.of(byte), { stream: true });
    }
  } catch {
    return text;
  }
  return text;
}

/** Two captures side by side, if there are any: nothing would tell where the first ends. */
export function consecutiveCaptures(parts: readonly PatternPart[]): string | undefined {
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (next && 'capture' in part && 'capture' in next) {
      return `<${part.capture}><${next.capture}>`;
    }
  }
  return undefined;
}

/** Names that a pattern captures, or why Loki refuses it as `| pattern "…"`. */
export function patternCaptures(text: StringLiteral): { readonly names: string[] } | { readonly error: string } {
  const parts = patternParts(text);
  const names = parts.flatMap((part) => ('capture' in part && part.capture !== '_' ? [part.capture] : []));
  const pair = consecutiveCaptures(parts);
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (names.length === 0) {
    return { error: 'at least one capture is required: name what is to be extracted, such as `<method> <_>`' };
  }
  if (pair) {
    return { error: `found consecutive captures ${pair}: put the text between them that separates them` };
  }
  if (duplicate !== undefined) {
    return { error: `duplicate capture <${duplicate}>: use <_> for the other` };
  }
  return { names };
}
