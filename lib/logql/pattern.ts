import type { StringLiteral } from './syntax';

/** A part of a pattern: `<name>`, `<_>` or the text between them. */
export type PatternPart = { readonly capture: string } | { readonly text: string };

/**
 * Parts of a pattern.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/log/pattern/lexer.rl
 */
export function patternParts({ value, bytes }: StringLiteral): PatternPart[] {
  // For Loki's lexer, a pattern ends at the first byte that is not UTF-8.
  const text = bytes ? validStart(bytes) : value;
  return text
    .split(/(<[A-Za-z_][A-Za-z0-9_]*>)/)
    .map((part, index) => (index % 2 ? { capture: part.slice(1, -1) } : { text: part }))
    .filter((part) => 'capture' in part || part.text !== '');
}

function validStart(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  // Streaming holds back incomplete characters, and the fatal flag throws at the first invalid byte.
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

/** Returns two captures without text between them, if there are any: the end of the first would be ambiguous. */
export function consecutiveCaptures(parts: readonly PatternPart[]): string | undefined {
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (next && 'capture' in part && 'capture' in next) {
      return `<${part.capture}><${next.capture}>`;
    }
  }
  return undefined;
}

/** Names of the captures of a pattern, or why Loki refuses it as `| pattern "…"`. */
export function patternCaptures(text: StringLiteral): { readonly names: string[] } | { readonly error: string } {
  const parts = patternParts(text);
  const names = parts.flatMap((part) => ('capture' in part && part.capture !== '_' ? [part.capture] : []));
  const pair = consecutiveCaptures(parts);
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (names.length === 0) {
    return { error: 'no named capture: name the parts to extract, e.g. `<method> <_>`' };
  }
  if (pair) {
    return { error: `consecutive captures ${pair}: add the text between them` };
  }
  if (duplicate !== undefined) {
    return { error: `duplicate capture <${duplicate}>: use <_> for the other` };
  }
  return { names };
}
