import { parseLogQL, pipelineFailures } from '../../lib/logql';

const STREAM_LABELS = ['app', 'job', 'pod'];

function failures(query: string): string[] {
  const { expr } = parseLogQL(query);
  if (!expr) throw new Error(`Loki refuses ${query}`);
  return pipelineFailures(expr, STREAM_LABELS).map(({ cause }) =>
    cause.kind === 'unparsable' ? cause.format : `${cause.label}: ${cause.type}`,
  );
}

test.each([
  'sum(rate({app="a"} | json [5m]))',
  'sum(rate({app="a"} | json x="a" [5m]))',
  'sum(rate({app="a"} | unpack [5m]))',
  'sum(rate({app="a"} | json | line_format "{{ .message }}" [5m]))',
  'absent_over_time({app="a"} | json [5m])',
  'sum by (app) (rate({app="a"} | json | status >= 200 [5m]))',
  'sum by (app) (rate({app="a"} | json | dur > 1ms [5m]))',
  'sum by (app) (rate({app="a"} | json | size > 1B [5m]))',
  'sum by (app) (rate({app="a"} | json | a="q" or b="y" [5m]))',
  'sum by (app) (sum_over_time({app="a"} | json | unwrap took [5m]))',
  'sum by (app) (rate({app="a"} | json | __error__="" [5m]))',
  'sum by (app) (rate({app="a"} | json | drop __error__ [5m]))',
  'sum by (app) (rate({app="a"} | json | label_format m="{{ .level }}" | m="error" [5m]))',
  'sum by (app) (rate({app="a"} | json | job="x" | app="b" [5m]))',
  'sum by (app) (rate({app="a"} | logfmt [5m]))',
])('no line fails %s', (query) => {
  expect(failures(query)).toEqual([]);
});

test.each([
  ['JSON', 'sum by (app) (rate({app="a"} | json [5m]))'],
  ['JSON', 'sum without (pod) (rate({app="a"} | json [5m]))'],
  ['JSON', 'max(count_over_time({app="a"} | json [5m]))'],
  ['JSON', 'count(count_over_time({app="a"} | json [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | json | a!="z" [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | json | addr=ip("10.0.0.0/8") [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | unpack [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | json | drop __error_details__ [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | json | label_format m="true" | m="true" [5m]))'],
  ['JSON', 'sum by (app) (rate({app="a"} | json | logfmt | level="error" [5m]))'],
  ['logfmt', 'sum by (app) (rate({app="a"} | logfmt --strict [5m]))'],
  ['status: number', 'sum by (app) (rate({app="a"} | json | status >= 500 | __error__!="JSONParserErr" [5m]))'],
  ['status: number', 'sum(sum_over_time({app="a"} | json | unwrap status | __error__!="JSONParserErr" [5m]))'],
  ['status: number', 'sum by (app) (rate({app="a"} | json | status >= 500 or __error__="" [5m]))'],
])('a line fails (%s) %s', (failure, query) => {
  expect(failures(query)).toEqual([failure]);
});

test('filters with many alternatives are followed without a line for each combination', () => {
  const alternatives = Array.from({ length: 20 }, (_, i) => `a!="${i}" or b!="${i}"`).join(' or ');
  const filter = Array.from({ length: 20 }, () => `(${alternatives})`).join(' and ');
  expect(failures(`sum by (app) (rate({app="a"} | json | ${filter} [5m]))`)).toEqual(['JSON']);
  const nested = Array.from({ length: 50 }).reduce<string>((inner) => `(a > 1 or b > 2) and (${inner})`, 'c!="x"');
  expect(failures(`sum by (app) (rate({app="a"} | json | c="" or d!="" and ${nested} [5m]))`)).toEqual(['JSON']);
});
