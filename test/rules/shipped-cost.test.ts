import { type Expr, parseLogQL, sources } from '../../lib/logql';
import { alertsOf } from '../../lib/rules/model';
import { errors, highLogRate, newErrors, noLogs, pipeline, silence, watchdog } from '../../rules';

const links = { grafanaUrl: 'http://localhost:3000' };
const SHIPPED = [errors, highLogRate, newErrors, noLogs, pipeline, silence, watchdog].map((file) => file(links));

/** Regular expressions that are plain text, without anchors, alternatives and classes. */
const LITERAL = /^[^\\^$.*+?()[\]{}|]+$/;

/** Regular expressions that are matched against every line, because no text filter comes before them. */
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
  '%s filters by text before a regular expression',
  (_, expr) => {
    expect(expensive(expr)).toEqual([]);
  },
);

test('finds a regular expression that is matched against every line', () => {
  expect(expensive('rate({a="b"} |~ `^panic: ` [1m])')).toEqual(['^panic: ']);
  expect(expensive('rate({a="b"} |= `panic` |~ `^panic: ` [1m])')).toEqual([]);
});
