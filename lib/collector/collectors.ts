import type { Construct } from 'constructs';
import type { Placement } from '../kubernetes/component';
import type { CollectorProps, NodeCollector } from './node-collector';
import { OpenTelemetryCollector } from './opentelemetry/opentelemetry-collector';
import { Promtail } from './promtail/promtail';

/** Available log collectors: the same interface and the same set of labels. */
const COLLECTORS = {
  promtail: Promtail,
  opentelemetry: OpenTelemetryCollector,
} satisfies Record<string, new (scope: Construct, props: CollectorProps, placement?: Placement) => NodeCollector>;

/** Name of a log collector. */
export type CollectorName = keyof typeof COLLECTORS;

export const COLLECTOR_NAMES = Object.keys(COLLECTORS) as CollectorName[];

/** Creates the collector's objects. */
export function collector(
  scope: Construct,
  name: CollectorName,
  props: CollectorProps,
  placement?: Placement,
): NodeCollector {
  return new COLLECTORS[name](scope, props, placement);
}
