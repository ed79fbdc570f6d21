import { parseLogQL } from '../../../lib/logql';
import { queryFormat } from '../../../lib/rules/lines/query-format';

test('labels of the alert become verbs, and strings are in double quotes', () => {
  expect(
    queryFormat(
      '{namespace="{{ $labels.namespace }}", app="{{$labels.app}}"} |= `50% "off"` | pod!="{{- $labels.pod -}}"',
    ),
  ).toEqual({
    format: String.raw`{namespace=%q, app=%q} |= "50%% \"off\"" | pod!=%q`,
    labels: ['namespace', 'app', 'pod'],
  });
});

test.each([
  '{app="shop"}',
  '{app="shop"} |~ `\\d+%` | json | line_format "{{.msg}} {{ .a | printf \\"%s\\" }}" # comment',
  '{app="shop"} |= `a\nb` or "c"',
])('a query without labels means the same: %j', (query) => {
  const format = queryFormat(query);
  if ('problem' in format) throw new Error(format.problem);
  const strings = (text: string) =>
    JSON.stringify(parseLogQL(text).expr, (key, value) => (key === 'from' || key === 'to' ? undefined : value));

  expect(format.labels).toEqual([]);
  expect(strings(format.format.replaceAll('%%', '%'))).toBe(strings(query));
});

test.each([
  ['{app="shop"', 'unexpected end of the query'],
  ['rate({app="shop"}[1m])', 'expected a log query, got a metric query'],
  ['{app=~"{{ $labels.app }}"}', 'label of the alert in "{{ $labels.app }}"'],
  ['{app="{{ $labels.app }}"} |~ "{{ $labels.pod }}"', 'label of the alert in "{{ $labels.pod }}"'],
  ['{app="a"} |~ "x" or "{{ $labels.pod }}"', 'label of the alert in'],
  ['{app="shop-{{ $labels.app }}"}', 'label of the alert in "shop-{{ $labels.app }}"'],
  ['{app="a"} | line_format "{{ $labels.app }}"', 'label of the alert in'],
])('rejects %j', (query, problem) => {
  expect(queryFormat(query)).toMatchObject({ problem: expect.stringContaining(problem) });
});
