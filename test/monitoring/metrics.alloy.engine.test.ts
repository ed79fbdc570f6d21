import { pipelineDashboard } from '../../lib/grafana/pipeline-dashboard';
import { dashboardQueries } from '../../lib/grafana/queries';
import { pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';
import { ALLOY } from './pipeline';
import { asked } from './promql';
import { missing, startPipeline } from './stage';

// As in metrics.engine.test.ts, for the Alloy that can be built, which takes ten minutes.

test('what alerts and the dashboard ask Alloy for exists', async () => {
  const pipeline = await startPipeline(['alloy']);
  try {
    const queries = [...pipelineAlerts(ALLOY).map(({ expr }) => expr), ...dashboardQueries(pipelineDashboard(ALLOY))];
    const alloys = queries.flatMap(asked).filter(({ metric }) => metric.startsWith('loki_write_'));

    expect(alloys.length).toBeGreaterThan(0);
    expect(await missing(pipeline, alloys)).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});
