import { setTimeout as sleep } from 'node:timers/promises';
import { pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';
import { pipelineDashboard } from '../../lib/monitoring/pipeline-dashboard';
import { PROVEN } from '../collector/stage';
import { dashboardQueries } from '../support/dashboard-queries';
import { DISTRIBUTED, SINGLE } from './pipeline';
import { asked } from './promql';
import { missing, type Pipeline, startPipeline } from './stage';

// An alert on a metric that does not exist is quiet for ever. So every metric and label that is asked for must be there
// in what the real programs serve to a Prometheus, with the configuration of the manifests.

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline(PROVEN);
});

afterAll(() => pipeline?.stop());

const alerts = [...pipelineAlerts(SINGLE), ...pipelineAlerts(DISTRIBUTED)];

test.each(alerts.map((alert) => [alert.alert, alert] as const))('what %s asks for exists', async (_, { expr }) => {
  const names = asked(expr);

  expect(names.length).toBeGreaterThan(0);
  expect(await missing(pipeline, names)).toEqual([]);
});

test.each([SINGLE, DISTRIBUTED].flatMap((props) => dashboardQueries(pipelineDashboard(props))))(
  'what the dashboard asks for exists: %s',
  async (expr) => {
    expect(await missing(pipeline, asked(expr))).toEqual([]);
  },
);

test('the time of the last retention is set by the compactor when it has run', async () => {
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
