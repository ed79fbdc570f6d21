import { Alloy } from '../alloy/alloy';
import { type Finding, finding } from '../findings';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { OpenTelemetryCollector } from '../opentelemetry/opentelemetry-collector';
import { Promtail } from '../promtail/promtail';
import type { CollectorProps, NodeCollector } from './node-collector';

/** The log collectors that can be chosen from: one small interface to the rest, one set of labels. */
const COLLECTORS = {
  promtail: Promtail,
  opentelemetry: OpenTelemetryCollector,
  alloy: Alloy,
} satisfies Record<string, new (chart: NamespacedChart, props: CollectorProps) => NodeCollector>;

export type CollectorName = keyof typeof COLLECTORS;

export const COLLECTOR_NAMES = Object.keys(COLLECTORS) as CollectorName[];

/** @param name @default 'promtail' */
export function collector(
  chart: NamespacedChart,
  name: CollectorName = 'promtail',
  props: CollectorProps,
): NodeCollector {
  return new COLLECTORS[name](chart, props);
}

/** What should be known of a choice before it is applied. */
export function checkCollector(name?: CollectorName): Finding[] {
  if (name !== 'alloy') return [];
  return [
    finding('collector-experimental', {
      path: ['collector'],
      subject: "option 'collector'",
      problem: '"alloy" is experimental: lines, labels and positions may differ from those of Promtail',
      fix: 'try it next to another collector first, or use "opentelemetry"',
    }),
  ];
}
