import { COLLECTOR_NAMES, type CollectorName } from '../../lib/collector/collectors';
import { pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';
import { alertsOf } from '../../lib/rules/model';
import { PROFILE_DEFAULTS } from '../../lib/stack/profiles';
import { durationMs } from '../../lib/text/duration';
import { noLogs, pipeline } from '../../rules';
import { DURING_FIRST_READ } from '../../rules/first-read';
import { faultTable } from './faults/table';
import { SINGLE } from './pipeline';

// Tests that the delays in docs/monitoring.md follow from the rules.

/** Default evaluation interval of Prometheus and of Loki's ruler: an alert without a range or `for` fires at the next evaluation. */
const EVALUATION = PROFILE_DEFAULTS.single.evaluationInterval;

const ms = (duration: string) => durationMs(duration) ?? Number.NaN;

/** Returns the milliseconds from a fault to the alert: the range that must become empty, and `for`. */
function noticeAfter({ expr, for: pending = '0' }: { readonly expr: string; readonly for?: string }): number {
  // The faults of the table occur in a pipeline that is older than its first read.
  const missed = [...expr.replace(DURING_FIRST_READ, '').matchAll(/\bunless\b(.*?)(?=\bor\b|\bunless\b|$)/gs)].flatMap(
    ([, missing = '']) => [...missing.matchAll(/\[(\w+)\]/g)].map(([, range = '']) => ms(range)),
  );
  return Math.max(Math.max(0, ...missed) + ms(pending), ms(EVALUATION));
}

const links = { grafanaUrl: 'http://localhost:3000' };

function alertsWith(collector: CollectorName) {
  return [
    ...alertsOf([noLogs(links), pipeline(links)]),
    ...pipelineAlerts({ ...SINGLE, collector: { ...SINGLE.collector, kind: collector } }),
  ];
}

const named = faultTable().flatMap(({ fault, after }) =>
  Object.entries(after).map(([alert, time]) => ({ fault, alert, time })),
);

test.each(named)('$alert fires $time after: $fault', ({ alert, time }) => {
  const found = COLLECTOR_NAMES.flatMap((collector) => alertsWith(collector)).filter((one) => one.alert === alert);

  expect(found.length).toBeGreaterThan(0);
  for (const rule of found) expect(noticeAfter(rule)).toBe(ms(time));
});

test('an alert waits for the range of what is missing, for `for`, and for the next evaluation', () => {
  const [window, counter] = ['a unless sum(b[5m])', 'sum(c unless c offset 15m or increase(c[15m])) > 0'];

  expect([noticeAfter({ expr: window, for: '2m' }), noticeAfter({ expr: counter })]).toEqual([ms('7m'), ms('1m')]);
});
