import { ensureEngines } from '../../lib/engines';
import { firstTests } from '../../lib/rule-tests/first-tests';
import { TestLoki } from '../../lib/rule-tests/loki';
import { alert, useTester } from './tester';

const run = useTester();
let loki: TestLoki;
beforeAll(async () => {
  loki = await TestLoki.start((await ensureEngines(['loki'])).loki);
});
afterAll(() => loki.stop());

const count = (query: string, range = '5m') => `sum(count_over_time(${query} [${range}])) > 0`;

/** Expressions by what makes it hard to find lines for them. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  'text that is required': count('{app="a"} |= "error" |= "timeout" != "retry"'),
  'alternatives of texts': count('{app="a"} |= "x" or "y" != "x"'),
  'a regular expression': count('{app="a"} |~ "(?i)(err|warn)\\\\w+:\\\\s+\\\\d{3}"'),
  'a regular expression from start to end': count('{app="a"} |~ "^ERROR .*done$"'),
  'a word at its bounds': count('{app="a"} |~ "\\\\bOOM\\\\b" |= "killed"'),
  'a pattern in the line': count('{app="a"} |> "<_> level=error <_>"'),
  'a pattern that excludes lines': count('{app="a"} |= "GET" !> "line <_>"'),
  'an address in a network': count('{app="a"} |= ip("10.2.0.0/16")'),
  'streams by regular expressions': count('{namespace=~"prod-.+", pod=~"web-[0-9]+", env!~"dev|test", host!=""}'),
  'a field of JSON': count('{app="a"} | json | level="error" | status >= 500'),
  'a number below': count('{app="a"} | json | status < 400 | took > 250ms | size <= 5KB'),
  'a JSON fragment in the line': count('{app="a"} |= "\\"level\\":\\"error\\"" | json | level="error"'),
  'a JSON fragment with a space': count('{app="a"} |= "\\"level\\": \\"error\\"" | json'),
  'text and JSON': count('{app="a"} |= "connection refused" | json | level="error"'),
  'nested fields': count(
    '{app="a"} | json code="response.status[0].code", ua="request.headers[\\"User-Agent\\"]" | code="500" | ua=~"curl/.*"',
  ),
  'any other number': count('{app="a"} | logfmt | status!=503 | code!=1 | code!=2'),
  'addresses in one of several networks': count('{app="a"} | json | ip=ip("10.0.0.0/8") or ip=ip("fe80::/10")'),
  'addresses outside of networks': count(
    '{app="a"} | json | ip!=ip("10.0.0.0/8") and ip!=ip("192.168.0.0/16") | ip!=""',
  ),
  'a line without fields': count('{app="a"} | json | level!="debug"'),
  'a query of several conditions on the line': count(
    '{app=~"a|b"} |~ "(?i)(failed|invalid) (password|user)" !~ "invalid user" |= "ssh"',
  ),
  'a line format with text': count('{app="a"} | json | line_format "{{.method}} {{.path}}" |= "/admin"'),
  'a word of alternatives of words': count('{app="a"} |~ "level=(error|fatal)" | logfmt | level=~"fatal|panic"'),
  'a template': count('{app="a"} | json | label_format up="{{ ToUpper .level }}" | up!="" | level="error"'),
  'kept and dropped labels': count('{app="a"} | json | keep app, level | drop __error__ | level="error"'),
  'a rate of bytes per label': 'sum by (pod) (bytes_rate({namespace="shop"}[1m])) > 100',
  'an average of counts': 'avg by (app) (count_over_time({app="a"} |= "x" [5m])) >= 3',
  'a difference':
    'sum(count_over_time({app="a"} |= "started" [5m])) - sum(count_over_time({app="a"} |= "finished" [5m])) > 5',
  'a rate for less than a second': 'sum(rate({app="a"} |= "x" [5m])) > 0.01',
  'the first value': 'first_over_time({app="a"} | logfmt | unwrap q [5m]) by (app) > 7',
  'a deviation': 'stddev_over_time({app="a"} | logfmt | unwrap q [5m]) by (app) > 3',
  'a sum of numbers': 'sum(rate({app="a"} | json | unwrap amount [5m])) > 2',
  'two parsers': count('{app="a"} | json | regexp "user=(?P<user>\\\\w+)" | user="root" | level="warn"'),
  'alternatives of fields': count('{app="a"} | json | level="error" or status >= 500 | level!="error"'),
  'several conditions on a field': count(
    '{app="a"} | json | cmd=~".*curl.*" and cmd=~".*-k.*" and cmd=~".*https.*" and cmd!~".*localhost.*"',
  ),
  'a label that also is in the stream': count('{app="a", level="x"} | json | level_extracted="error"'),
  logfmt: count('{app="a"} | logfmt | level="error" | msg=~".*no space.*" | caller!=""'),
  'logfmt with names':
    'count_over_time({app="a"} | logfmt lvl="level", m="msg" | lvl="error" | m=~"disk .*full" [5m]) > 0',
  'text in logfmt': count('{app="a"} |= "level=error" |= "panic" | logfmt'),
  'the captures of a regular expression': count(
    '{app="a"} | regexp "^(?P<ip>\\\\S+) \\\\S+ (?P<method>[A-Z]+) (?P<status>\\\\d{3})$" | status >= 500 | method="POST"',
  ),
  'the captures of a pattern': count(
    '{app="a"} | pattern "<ip> - - [<_>] \\"<method> <path> <_>\\" <status> <size>" | status=~"5.." | path=~"/api/.*"',
  ),
  'text and a pattern': count('{app="a"} |= "admin" | pattern "<ip> - <user> [<_>]" | ip="10.1.1.1"'),
  unpack: count('{app="a"} | unpack | container="web" |= "error"'),
  'a line in a field of a line': count(
    '{app="a"} |= "error" | json | line_format "{{.log}}" | logfmt | level="error" |~ "took=\\\\d+ms"',
  ),
  'JSON in JSON': count('{app="a"} | json | line_format "{{ .message }}" | json | level="error"'),
  'a renamed label': count('{app="a"} | json | label_format sev=level | sev="critical"'),
  'structured metadata or a label': count('{app="a"} | detected_level="error"'),
  colors: count('{app="a"} | decolorize |= "error"'),
  'an unwrapped number': 'avg_over_time({app="a"} | json | unwrap took [5m]) by (route) > 2.5',
  'an unwrapped duration':
    'quantile_over_time(0.99, {app="a"} | logfmt | unwrap duration(took) | __error__="" [5m]) by (route) > 0.5',
  'unwrapped bytes': 'sum(sum_over_time({app="a"} | json | unwrap bytes(size) [5m])) > 1000000',
  'a captured number': 'max_over_time({app="a"} | regexp "latency=(?P<ms>\\\\d+)" | unwrap ms [5m]) by (app) > 1000',
  'a number below a threshold': 'min_over_time({app="a"} | json | unwrap free [5m]) by (app) < 10',
  'a low share': 'sum by (app)(rate({app="a"} |= "ok" [5m])) / sum by (app)(rate({app="a"}[5m])) < 0.9',
  'a high share':
    'sum by (svc)(rate({app="a"} | json | level="error" [5m])) / sum by (svc)(rate({app="a"}[5m])) * 100 > 5',
  'few lines': 'sum(count_over_time({app="a"}[10m])) < 5',
  'few lines or none': 'sum(count_over_time({app="a"}[10m])) < 5 or absent_over_time({app="a"}[10m])',
  'an exact number': 'sum(count_over_time({app="a"} |= "x" [5m])) == 3',
  'a number on the left': '100 < sum(count_over_time({app="a"}[5m]))',
  'many lines per second': 'sum(rate({app="a"}[1m])) > 500',
  bytes: 'sum(bytes_rate({app="a"}[1m])) > 10000',
  'bytes in another unit': 'sum(bytes_over_time({app="a"}[5m])) / 1024 / 1024 > 1',
  'an increase': 'sum(rate({app="a"}[5m])) > 3 * sum(rate({app="a"}[5m] offset 1h))',
  'a stop': 'sum(count_over_time({app="a"}[5m] offset 15m)) > 0 unless sum(count_over_time({app="a"}[5m]))',
  'two conditions':
    'sum(count_over_time({app="a"} |= "error" [5m])) > 10 and sum(count_over_time({app="b"} |= "up" [5m])) > 1',
  'an exception':
    'sum by (app)(count_over_time({app="a"} |= "down" [5m])) > 0 unless sum by (app)(count_over_time({app="a"} |= "maintenance" [5m])) > 0',
  'several labels':
    'sum by (namespace, pod, reason)(count_over_time({job="events"} | json | reason=~"OOMKilled|BackOff" [5m])) > 2',
  absence: 'absent_over_time({app="a"} |= "done" [1h])',
  'the largest ones': 'topk(3, sum by (app)(rate({app=~".+"} |= "error" [5m]))) > 1',
  'another name of a label':
    'label_replace(sum by (app)(rate({app="a"} |= "error" [5m])), "svc", "$1", "app", "(.*)") > 1',
  'a sum with zero': 'sum(count_over_time({app="a"} |= "x" [5m])) or vector(0) > 0',
};

test.each(Object.entries(EXPRESSIONS))('finds lines for %s', async (_, expr) => {
  const rule = { alert: 'A', expr, for: '2m' };
  const { tests, problem } = await firstTests(rule, { name: 'g', rules: [rule] }, loki);
  expect(problem).toBeUndefined();
  // The complete path, with promtool: the tests pass as they are written.
  const results = await run(alert(expr.replaceAll("'", "''"), 'for: 2m'), `tests: ${JSON.stringify(tests)}\n`);
  expect(results.map(({ name, passed }) => [name, passed])).toEqual([
    ['A fires', true],
    ['A stays silent', true],
  ]);
});

test.each([
  ['sum(count_over_time({app="a"}[5m])) == 0', 'no lines were found for which the expression has a value'],
  [count('{app="a"} |= "x" != "x"'), 'no line was found that {app="a"} |= "x" != "x" accepts'],
  [count('{app="a"} | json | status > 5 and status < 3'), /no line was found that .* accepts/],
  // A fault of Loki: the check logfmt-expression-empty.
  [count('{app="a"} | logfmt lvl="level" | lvl="error"'), 'the lines that were tried do not make it fire'],
  ['vector(1)', 'it fires with all lines that were tried'],
])('says why it found no lines for %s', async (expr, problem) => {
  const rule = { alert: 'A', expr };
  const first = await firstTests(rule, { name: 'g', rules: [rule] }, loki);
  expect(first.problem).toEqual(typeof problem === 'string' ? problem : expect.stringMatching(problem));
});

test('a query that Loki answers with 500 is tried once: five attempts take 16 s', async () => {
  const labels = (pod: string) => ({ labels: { app: 'a', pod }, lines: [{ ns: 1e9, line: 'x' }] });
  const tenant = await loki.tenant([labels('1'), labels('2')]);
  const manyToMany = 'sum by (app)(rate({app="a"}[5m])) / on(app) sum by (app, pod)(rate({app="a"}[5m]))';
  await expect(tenant.samples(manyToMany, 60_000)).rejects.toThrow(/answered 500/);
  expect(loki.logs().match(/msg="error processing request" try=\d/g)).toEqual(['msg="error processing request" try=0']);
});
