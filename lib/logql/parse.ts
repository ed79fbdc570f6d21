import { ExpressionParser } from './parser';
import { LogQLSyntaxError } from './scanner';
import type { LogQLProblem, ParseResult } from './syntax';
import { TokenStream } from './token-stream';

/** Loki refuses queries of this many bytes (UTF-8) or more. */
const MAX_BYTES = 131_072;

/**
 * Parses a LogQL query. Reports the problems for which Loki 3.7 would not load it as a rule. Never throws.
 */
export function parseLogQL(text: string): ParseResult {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes >= MAX_BYTES) {
    const problem = `query of ${bytes} bytes; the limit is ${MAX_BYTES - 1}`;
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
