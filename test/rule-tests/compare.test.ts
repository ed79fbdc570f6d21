import { compareAlerts, compareLogs, compareSamples, stateAt } from '../../lib/rule-tests/compare';
import { compareMessages, toMessage } from '../../lib/rule-tests/messages';
import { STATUS_MARK } from '../../lib/rule-tests/notification-config';
import { splitThreshold } from '../../lib/rule-tests/threshold';

const at = { eval_time: '1m', alertname: 'A' };
const firing = (app: string, text: string) => ({ labels: { alertname: 'A', app }, annotations: { text } });

test('compares alerts in any order, and annotations only where the test sets them', () => {
  const both = [firing('b', 'y'), firing('a', 'x')];
  const expect_ = (...exp_alerts: object[]) => compareAlerts({ ...at, exp_alerts }, both).passed;

  expect(
    expect_({ exp_labels: { app: 'a' } }, { exp_labels: { app: 'b', alertname: 'A' }, exp_annotations: { text: 'y' } }),
  ).toBe(true);
  expect(expect_({ exp_labels: { app: 'a' } })).toBe(false);
  expect(expect_({ exp_labels: { app: 'a' } }, { exp_labels: { app: 'b' }, exp_annotations: {} })).toBe(false);
  expect(compareAlerts({ ...at, exp_alerts: [{ exp_labels: { app: 'a' } }] }, both).got).toEqual([
    { exp_labels: { app: 'a' } },
    { exp_labels: { app: 'b' }, exp_annotations: { text: 'y' } },
  ]);
});

test('returns the highest state of the alerts as the state of a rule', () => {
  const history = (pending: number[], fires: number[]) => ({
    labels: { alertname: 'A' },
    pending: new Set(pending),
    firing: new Set(fires),
  });
  const histories = [history([1, 2], []), history([1], [2])];
  expect([0, 1, 2].map((step) => stateAt(histories, 'A', step))).toEqual(['inactive', 'pending', 'firing']);
  expect(stateAt(histories, 'B', 2)).toBe('inactive');
});

test.each([
  [0.1 + 0.2, '0.3', true],
  [1, '1.00000001', false],
  ['NaN', 'NaN', true],
  ['+Inf', '+Inf', true],
  ['-Inf', '+Inf', false],
] as const)('compares the values %s and %s', (value, got, passed) => {
  const test = { expr: 'x', eval_time: '1m', exp_samples: [{ labels: '{app="a"}', value }] };
  expect(compareSamples(test, [{ labels: { app: 'a' }, value: got }]).passed).toBe(passed);
});

test('compares lines in order, and labels and times only where the test sets them', () => {
  const lines = [
    { labels: { app: 'a' }, line: 'one', ns: 1 },
    { labels: { app: 'a' }, line: 'two', ns: 2 },
  ];
  const passes = (...exp_logs: { line: string; timestamp?: number }[]) =>
    compareLogs({ expr: 'x', eval_time: '1m', exp_logs }, lines).passed;
  expect(passes({ line: 'one' }, { line: 'two', timestamp: 2 })).toBe(true);
  expect(passes({ line: 'two' }, { line: 'one' })).toBe(false);
  expect(passes({ line: 'one', timestamp: 2 }, { line: 'two' })).toBe(false);
});

const slack = (status: string, title: string) =>
  toMessage(
    {
      method: 'POST',
      path: '/',
      headers: {},
      time: 0,
      body: JSON.stringify({
        channel: `#x${STATUS_MARK}${status}`,
        attachments: [{ title, text: 'see <http://a/b|logs>' }],
      }),
    },
    { receiver: 'team', type: 'slack', sendResolved: true, updates: 1 },
  );

test('compares messages in any order, and only the fields that the test sets', () => {
  const messages = [slack('firing', 'one'), slack('resolved', 'two')];
  const [one, two] = [
    { receiver: 'team', status: 'firing' as const, title: 'one', links: ['http://a/b'] },
    { receiver: 'team', status: 'resolved' as const, channel: '#x' },
  ];
  expect(compareMessages([two, one], messages).passed).toBe(true);
  expect(compareMessages([one], messages).got).toEqual([
    one,
    { receiver: 'team', status: 'resolved', title: 'two', text: 'see <http://a/b|logs>' },
  ]);
  expect(compareMessages([one, { ...two, title: 'three' }], messages).got).toEqual([one, { ...two, title: 'two' }]);
});

test.each([
  ['sum(rate({app="a"}[1m])) > 60', 'sum(rate({app="a"}[1m]))', { operator: '>', value: 60 }],
  [
    'sum(rate({app="a"}[1m])) / sum(rate({app="b"}[1m])) >= 0.5',
    'sum(rate({app="a"}[1m])) / sum(rate({app="b"}[1m]))',
    { operator: '>=', value: 0.5 },
  ],
  ['absent_over_time({app="a"}[1m])', undefined, undefined],
])('splits the threshold from %s', (expr, left, threshold) => {
  expect(splitThreshold(expr)).toEqual(left && { expr: left, threshold });
});
