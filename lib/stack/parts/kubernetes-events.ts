import type { Construct } from 'constructs';
import { KubernetesEvents as KubernetesEventsComponent } from '../../collector/kubernetes-events/kubernetes-events';
import { entriesOf, httpUrl, optionsOf } from '../../validate/validate';
import { report } from '../report';
import { type PromtailProps, withRules } from './collectors';
import { checkedByStack, checkedPart, OTHERS, type PartProps, partOptions, podsOf } from './part';

/** Options of `KubernetesEvents`, named as in `LogAlerting`. */
export interface KubernetesEventsProps
  extends PartProps<'kubernetes-events'>,
    Pick<PromtailProps, 'lokiUrl' | 'tenants' | 'cluster'> {}

const OPTIONS = entriesOf<KubernetesEventsProps>()({
  ...partOptions,
  pods: podsOf('kubernetes-events'),
  cluster: checkedByStack<KubernetesEventsProps['cluster']>(),
  lokiUrl: httpUrl,
  tenants: checkedByStack<KubernetesEventsProps['tenants']>(),
});

const CHECKS = {
  schema: optionsOf<KubernetesEventsProps>()(OPTIONS),
  options: Object.keys(OPTIONS),
  own: ['lokiUrl'],
  others: { ...OTHERS, kubernetesEvents: true },
} as const;

/**
 * The collector of Kubernetes events by itself: one pod that sends events, and the containers that ran out of memory, to
 * any Loki with the labels of `OpenTelemetryCollector`. `app.synth()` reports invalid options, as with `LogAlerting`. Its
 * namespace may be `restricted`.
 *
 * @see docs/kubernetes-events.md
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'events', { podSecurity: 'restricted' });
 * new KubernetesEvents(chart, 'events', { lokiUrl: 'http://loki-gateway.loki.svc' });
 * app.synth();
 */
export class KubernetesEvents extends KubernetesEventsComponent {
  constructor(scope: Construct, id: string, props: KubernetesEventsProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, withRules(props), CHECKS);
    const { tenants, tenant, cluster } = stack.collector;
    super(scope, { tenants, tenant, cluster, lokiUrl: valid ? props.lokiUrl : '' }, placement);
    report(this, findings, props);
  }
}
