import { type LogResult, LokiClient } from '../../../lib/engines';
import { logAlertingDashboard } from '../../../lib/grafana/dashboard';
import { alertsOf } from '../../../lib/rules/model';
import { errors, highLogRate, pipeline, silence } from '../../../rules';
import { pod } from '../../collector/pods';
import { useNodes } from '../../collector/scenario';
import { entriesIn, startCollector, startStackLoki, TESTED_COLLECTORS, untilCount } from '../../collector/stage';
import { synthObjects } from '../../manifests/synth';
import { lokiAlerts } from '../../support/cli';
import { dashboardQueries } from '../../support/dashboard-queries';
import { recordedLog, SECRET } from './stage';

// The events of a real Alertmanager, through each real collector with the stack's configuration, in a real Loki.

const ALERTMANAGER = pod('logging', 'alertmanager-0', {
  controller: ['StatefulSet', 'alertmanager'],
  labels: { 'app.kubernetes.io/name': 'alertmanager' },
  containers: ['alertmanager'],
});
const LOG = '{app="alertmanager"}';
const EVENT_LOG = { namespace: 'logging', app: 'alertmanager' };

const { setUp, stopped } = useNodes();
let recorded: Awaited<ReturnType<typeof recordedLog>>;

beforeAll(async () => {
  recorded = await recordedLog();
}, 60_000);

/** Collects the log of one or several Alertmanagers, all with the same events. */
async function collected(collector: (typeof TESTED_COLLECTORS)[number], pods = [ALERTMANAGER]) {
  const { node, api } = await setUp(5, pods);
  const loki = await stopped(startStackLoki());
  for (const each of pods)
    node
      .log(each, 'alertmanager', 'alertmanager')
      .lines(...recorded.events)
      .errors(...recorded.log);
  const manifests = synthObjects({ collector, alertmanager: { eventRecorder: true } });
  const running = await stopped(
    startCollector(collector, { node, apiUrl: api.url, lokiUrl: loki.url, dir: `${node.dir}/${collector}`, manifests }),
  );
  const kept = recorded.events.filter((line) => !line.includes('"alertGrouped":'));
  const expected = pods.length * (kept.length + recorded.log.length);
  await untilLines(loki.url, expected, running.logs);
  return { loki, kept };
}

async function untilLines(url: string, count: number, logs: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await new LokiClient(url).query(`sum(count_over_time(${LOG}[24h]))`);
    const found = Number((answer.result as { value: [number, string] }[])[0]?.value[1] ?? 0);
    if (found >= count) return;
    if (Date.now() > deadline) throw new Error(`${found} of ${count} lines are in Loki\n${logs()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe.each(TESTED_COLLECTORS)('with %s', (collector) => {
  test('events have no annotations, no level of their own and no repetitions, and no included alert reads them', async () => {
    const { loki, kept } = await collected(collector);
    const stored = await entriesIn(loki, `{app="alertmanager", stream="stdout"}`);

    const withoutAnnotations = kept.map((line) => {
      const event = JSON.parse(line);
      return JSON.parse(JSON.stringify(event, (key, value) => (key === 'annotations' ? {} : value)));
    });
    expect(stored.map(({ line }) => JSON.parse(line))).toEqual(withoutAnnotations);
    expect(recorded.events.length).toBeGreaterThan(kept.length);
    for (const { labels, line } of stored) {
      expect(labels).toEqual({
        namespace: 'logging',
        app: 'alertmanager',
        pod: 'alertmanager-0',
        container: 'alertmanager',
        node_name: 'node-1',
        stream: 'stdout',
        service_name: 'alertmanager',
        detected_level: 'info',
      });
      expect(line).not.toMatch(/panic|OutOfMemory/);
    }
    expect(recorded.events.join()).toContain('OutOfMemory');
    // Only its log, which the included alerts read as before.
    const log = await entriesIn(loki, `{app="alertmanager", job="logging/alertmanager"}`);
    expect(log.map(({ line }) => line)).toEqual(recorded.log);
    for (const secret of [...stored, ...log].map(({ line }) => line)) expect(secret).not.toContain(SECRET);
  });
});
