import type { Expr, LineFormat, PipelineStage } from './syntax';
import { walk } from './walk';

/**
 * Returns each `line_format` that Loki drops before it builds the pipeline, because no later stage reads the line and the
 * aggregation does not measure it.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/optimize.go
 */
export function unreadFormats(expr: Expr): LineFormat[] {
  return [...walk(expr)].flatMap((at) => {
    if (at.kind !== 'range' || at.operation.startsWith('bytes_')) return [];
    const { stages } = at.range;
    return stages.slice(stages.findLastIndex(readsLine) + 1).filter((stage) => stage.kind === 'line-format');
  });
}

function readsLine({ kind }: PipelineStage): boolean {
  return kind === 'parser' || kind === 'line-filter';
}
