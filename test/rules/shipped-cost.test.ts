import { type Expr, parseLogQL, sources } from '../../lib/logql';
import { alertsOf } from '../../lib/rules/model';
import { errors, highLogRate, noLogs, pipeline, silence, watchdog } from '../../rules';

const links = { grafanaUrl: 'http://localhost:3000' };
const SHIPPED = [errors, highLogRate, noLogs, pipeline, silence, watchdog].map((file) => file(links));

/** Text that a regular expression does not have to be run for: without anchors, choices and classes. */
const LITERAL = /^[^\\^$.*+?()[\]{}|]+$/;

/** Regular expressions that every line must be held against, because no text was looked for before. */
function expensive(query: string): string[] {
  const { expr } = parseLogQL(query);
  return [...sources(expr as Expr)].flatMap(({ stages }) => {
    const filters = stages.filter((stage) => stage.kind === 'line-filter');
    const first = filters.findIndex(({ operator }) => operator === '|=');
    const unguarded = filters.filter(({ operator }, at) => /^[|!]~$/.test(operator) && (first < 0 || first > at));
    return unguarded
      .flatMap(({ alternatives }) => alternatives.map(({ text }) => text.value))
      .filter((text) => !LITERAL.test(text));
  });
}

test.each(alertsOf(SHIPPED).map(({ alert, expr }) => [alert, expr]))(
  '%s looks for a text before a regular expression',
  (_, expr) => {
    expect(expensive(expr)).toEqual([]);
  },
);

test('a regular expression that every line is held against is found', () => {
  expect(expensive('rate({a="b"} |~ `^panic: ` [1m])')).toEqual(['^panic: ']);
  expect(expensive('rate({a="b"} |= `panic` |~ `^panic: ` [1m])')).toEqual([]);
});
