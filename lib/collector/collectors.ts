import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { CollectorProps, NodeCollector } from './node-collector';
import { OpenTelemetryCollector } from './opentelemetry/opentelemetry-collector';
import { Promtail } from './promtail/promtail';

/** Available log collectors: the same interface and the same set of labels. */
const COLLECTORS = {
  promtail: Promtail,
  opentelemetry: OpenTelemetryCollector,
} satisfies Record<string, new (chart: NamespacedChart, props: CollectorProps) => NodeCollector>;

export type CollectorName = keyof typeof COLLECTORS;

export const COLLECTOR_NAMES = Object.keys(COLLECTORS) as CollectorName[];

/** Creates the collector's objects. */
export function collector(chart: NamespacedChart, name: CollectorName, props: CollectorProps): NodeCollector {
  return new COLLECTORS[name](chart, props);
}
