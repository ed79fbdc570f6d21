import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';
import { pipelineDashboard } from '../../lib/monitoring/pipeline-dashboard';
import { TESTED_COLLECTORS } from '../collector/stage';
import { dashboardQueries } from '../support/dashboard-queries';
import { DISTRIBUTED, SINGLE } from './pipeline';
import { metricsIn } from './promql';
import { missing, type Pipeline, startPipeline } from './stage';

// An alert on a metric that does not exist never fires. So every metric and label in an expression must exist in the
// metrics of the real programs, with the configuration of the manifests.

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline(TESTED_COLLECTORS);
});

afterAll(() => pipeline?.stop());

const alerts = [...pipelineAlerts(SINGLE), ...pipelineAlerts(DISTRIBUTED)];

test.each(alerts.map((alert) => [alert.alert, alert] as const))('the metrics of %s exist', async (_, { expr }) => {
  const names = metricsIn(expr);

  expect(names.length).toBeGreaterThan(0);
  expect(await missing(pipeline, names)).toEqual([]);
});

test.each([SINGLE, DISTRIBUTED].flatMap((props) => dashboardQueries(pipelineDashboard(props))))(
  'the metrics of a dashboard query exist: %s',
  async (expr) => {
    expect(await missing(pipeline, metricsIn(expr))).toEqual([]);
  },
);

test('the compactor sets the time of the last retention after a run', async () => {
  const last = async () =>
    Number(
      /^loki_compactor_apply_retention_last_successful_run_timestamp_seconds (\S+)$/m.exec(
        await pipeline.metrics(),
      )?.[1],
    );
  const start = Date.now() / 1000;
  while (!((await last()) > 0)) await sleep(500);

  expect(Math.abs((await last()) - start)).toBeLessThan(300);
});
