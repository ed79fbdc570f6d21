import { type PipelineFailure, pipelineFailures } from '../../logql';
import { LOKI_LABELS } from '../check-options';
import type { RuleCheck } from './rule-check';

/** Labels that any Kubernetes collector sets; others, such as `level`, may come from the line. */
const SURE_STREAM_LABELS = ['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream', 'service_name'];

/**
 * A line that a stage cannot process gets the label `__error__` and stays in the pipeline, and the whole metric query
 * fails when such a line reaches the end (pkg/logql/evaluator.go, `NewPipelineErr`).
 */
export const pipelineErrorChecks: readonly RuleCheck[] = [
  {
    id: 'pipeline-error',
    *rule({ query, options }) {
      if (!query) return;
      const streamLabels = [...(options.collectorLabels ?? SURE_STREAM_LABELS), ...LOKI_LABELS];
      for (const { from, cause } of pipelineFailures(query, streamLabels)) {
        yield { field: ['expr'], offset: from, ...failure(cause) };
      }
    },
  },
];

function failure(cause: PipelineFailure['cause']) {
  return {
    problem:
      cause.kind === 'unparsable'
        ? `a single line that is not ${cause.format} fails the whole rule`
        : `a single line whose "${cause.label}" is not a ${cause.type} fails the whole rule, despite the __error__ filter`,
    fix: 'add | __error__="" after this stage to drop such lines',
  };
}
