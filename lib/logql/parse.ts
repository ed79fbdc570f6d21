import { ExpressionParser } from './parser';
import { LogQLSyntaxError } from './scanner';
import type { LogQLProblem, ParseResult } from './syntax';
import { TokenStream } from './token-stream';

/** Bytes of UTF-8 from which on Loki reads no query. */
const MAX_BYTES = 131_072;

/**
 * Reads a LogQL query and gives Loki 3.7's own verdict on it, as at rule load. Never throws.
 *
 * @param text the query
 */
export function parseLogQL(text: string): ParseResult {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes >= MAX_BYTES) {
    const problem = `query of ${bytes} bytes; Loki reads fewer than ${MAX_BYTES}`;
    const fix = 'split it into several rules';
    return { problems: [{ id: 'logql-too-long', problem, fix, from: 0, to: text.length }] };
  }
  const problems: LogQLProblem[] = [];
  try {
    const tokens = new TokenStream(text, problems);
    const expr = new ExpressionParser(tokens).parse();
    const [first, ...others] = problems;
    return first ? { problems: [first, ...others] } : { expr, problems: [] };
  } catch (error) {
    if (!(error instanceof LogQLSyntaxError)) {
      throw error;
    }
    const { id, problem, fix, span } = error;
    return { problems: [{ id, problem, fix, from: span.from, to: span.to }, ...problems] };
  }
}
