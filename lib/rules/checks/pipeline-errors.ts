import { type PipelineFailure, pipelineFailures } from '../../logql';
import { LOKI_LABELS } from '../options';
import type { Check } from './check';

/** Labels that streams of any Kubernetes collector have; others, such as `level`, may as well come from the line. */
const SURE_STREAM_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream', 'service_name'];

/**
 * A line that a stage can't process keeps going with the label `__error__`, and a metric query fails as a whole when
 * such a line reaches its end (pkg/logql/evaluator.go, `NewPipelineErr`).
 */
export const pipelineErrorChecks: readonly Check[] = [
  {
    id: 'pipeline-error',
    severity: 'warning',
    dependsOn: 'collectorLabels',
    *rule({ query, options }) {
      if (!query) return;
      const streamLabels = [...(options.collectorLabels ?? SURE_STREAM_LABELS), ...LOKI_LABELS];
      for (const { from, cause } of pipelineFailures(query, streamLabels)) {
        yield { field: ['expr'], offset: from, message: message(cause) };
      }
    },
  },
];

function message(cause: PipelineFailure['cause']): string {
  return cause.kind === 'unparsable'
    ? `one line that is not ${cause.format} fails the whole rule: add '| __error__=""' after this stage`
    : `one line whose '${cause.label}' is not a ${cause.type} fails the whole rule, in spite of the filter for __error__: add '| __error__=""' after this stage`;
}
