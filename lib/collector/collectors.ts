import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Profile } from '../stack/profiles';
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

/**
 * Returns the chosen collector. The demo defaults to Promtail; every other profile to the OpenTelemetry Collector,
 * which still receives security fixes and loses no line if it is stopped while Loki is unavailable.
 */
export function collectorOf({
  profile = 'demo',
  collector,
}: {
  readonly profile?: Profile;
  readonly collector?: CollectorName;
}): CollectorName {
  return collector ?? (profile === 'demo' ? 'promtail' : 'opentelemetry');
}

/** Creates the collector's objects. */
export function collector(chart: NamespacedChart, name: CollectorName, props: CollectorProps): NodeCollector {
  return new COLLECTORS[name](chart, props);
}
