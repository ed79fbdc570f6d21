import * as v from 'valibot';
import type { Diagnosis } from '../../checks/findings';
import { parseLogQL } from '../../logql';
import { Lexer } from '../../logql/lexer';
import { goString } from '../../text/go-string';
import { wrong } from '../../validate/validate';

/** A log query as the format of Go's `printf`. */
export interface QueryFormat {
  /** The query, with `%q` for each label of the alert. */
  readonly format: string;
  /** The labels, in the order of their verbs. */
  readonly labels: readonly string[];
}

/** A text of the query that is a label of the alert. */
const LABEL = /^\{\{-?\s*\$labels\.([A-Za-z_]\w*)\s*-?\}\}$/;

/** Operators after which a quoted value has no other meaning; in a regular expression, it would. */
const LITERAL: ReadonlySet<string> = new Set(['=', '!=', '|=']);

/** Returns the problem of a query that is not a valid log query. */
export function logQueryProblem(query: string): Diagnosis | undefined {
  const { expr, problems } = parseLogQL(query);
  const [problem] = problems;
  if (problem) return problem;
  if (expr?.kind === 'log') return undefined;
  return {
    problem: 'expected a log query, got a metric query',
    fix: 'use a stream selector and stages, as in {app="shop"} |= "error"',
  };
}

/** Schema of a log query, with further requirements. */
export const logQuery = (problemOf: (query: string) => Diagnosis | undefined = logQueryProblem) =>
  v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const found = dataset.typed ? problemOf(dataset.value) : undefined;
      if (found) addIssue({ message: wrong(found.problem, found.fix ?? 'correct it') });
    }),
  );

/**
 * Returns a log query as a format, in which the ruler quotes the labels of the alert. Its strings are in double quotes,
 * because the format is between backticks.
 */
export function queryFormat(query: string): QueryFormat | Diagnosis {
  const invalid = logQueryProblem(query);
  if (invalid) return invalid;
  const labels: string[] = [];
  let [format, at, operator] = ['', 0, ''];
  const lexer = new Lexer(query);
  for (let token = lexer.next(); token.type !== 'eof'; token = lexer.next()) {
    const before = operator;
    operator = token.type === 'symbol' ? token.symbol : '';
    if (token.type !== 'string') continue;
    const { value } = token.string;
    const label = LABEL.exec(value)?.[1];
    if (label === undefined ? value.includes('$labels') : !LITERAL.has(before)) {
      return {
        problem: `label of the alert in ${goString(value)}, which may be a part of a text, a regular expression or a template`,
        fix: 'compare with the label alone, as in app="{{ $labels.app }}", after =, != or |=',
      };
    }
    if (label !== undefined) labels.push(label);
    format += escaped(query.slice(at, token.from)) + (label === undefined ? escaped(goString(value)) : '%q');
    at = token.to;
  }
  return { format: format + escaped(query.slice(at)), labels };
}

function escaped(text: string): string {
  return text.replaceAll('%', '%%');
}
