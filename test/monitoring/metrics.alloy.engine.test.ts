import { pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';
import { ALLOY } from './pipeline';
import { asked } from './promql';
import { missing, startPipeline } from './stage';

// As in metrics.engine.test.ts, for the Alloy that can be built, which takes ten minutes.

test('what CollectorDropsLogs asks Alloy for exists', async () => {
  const pipeline = await startPipeline(['alloy']);
  try {
    const drops = pipelineAlerts(ALLOY).find(({ alert }) => alert === 'CollectorDropsLogs');

    expect(await missing(pipeline, asked(drops?.expr ?? ''))).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});
