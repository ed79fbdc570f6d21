import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { CollectorProps, NodeCollector } from './node-collector';
import { OpenTelemetryCollector } from './opentelemetry/opentelemetry-collector';
import { Promtail } from './promtail/promtail';

/** The log collectors that can be chosen from: one small interface to the rest, one set of labels. */
const COLLECTORS = {
  promtail: Promtail,
  opentelemetry: OpenTelemetryCollector,
} satisfies Record<string, new (chart: NamespacedChart, props: CollectorProps) => NodeCollector>;

export type CollectorName = keyof typeof COLLECTORS;

export const COLLECTOR_NAMES = Object.keys(COLLECTORS) as CollectorName[];

/** Makes its objects. */
export function collector(chart: NamespacedChart, name: CollectorName, props: CollectorProps): NodeCollector {
  return new COLLECTORS[name](chart, props);
}
