import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Profile } from '../stack/profiles';
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

/**
 * The collector that is asked for. The demo shows Promtail; what stays gets the one that still has security fixes and loses
 * no line when it is stopped while Loki is away.
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

/** Makes its objects. */
export function collector(chart: NamespacedChart, name: CollectorName, props: CollectorProps): NodeCollector {
  return new COLLECTORS[name](chart, props);
}
