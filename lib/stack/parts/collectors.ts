import type { Construct } from 'constructs';
import { OpenTelemetryCollector as OpenTelemetryComponent } from '../../collector/opentelemetry/opentelemetry-collector';
import { Promtail as PromtailComponent } from '../../collector/promtail/promtail';
import type { Tenant } from '../../loki/tenants';
import type { RuleFile } from '../../rules/model';
import { entriesOf, httpUrl, optionsOf } from '../../validate/validate';
import type { SharedLogAlertingProps } from '../props';
import { report } from '../report';
import { checkedByStack, checkedPart, OTHERS, type PartProps, partOptions, podsOf } from './part';

/** Options of Promtail, named as in `LogAlerting`. */
export interface PromtailProps
  extends PartProps<'log-collector'>,
    Pick<SharedLogAlertingProps, 'collectorHost' | 'collectorPipeline' | 'cluster' | 'journald'> {
  /** Base URL of Loki, e.g. `http://loki-gateway.loki.svc`. */
  readonly lokiUrl: string;
  /** Namespaces of each tenant of Loki. @default none, Loki has no tenants */
  readonly tenants?: Readonly<Record<string, Pick<Tenant, 'namespaces'>>>;
}

/** Options of `OpenTelemetryCollector`, named as in `LogAlerting`. */
export interface OpenTelemetryCollectorProps
  extends Omit<PromtailProps, 'journald'>,
    Pick<SharedLogAlertingProps, 'collectFrom'> {}

const shared = {
  ...partOptions,
  pods: podsOf('log-collector'),
  collectorHost: checkedByStack<PromtailProps['collectorHost']>(),
  collectorPipeline: checkedByStack<PromtailProps['collectorPipeline']>(),
  cluster: checkedByStack<PromtailProps['cluster']>(),
  lokiUrl: httpUrl,
  tenants: checkedByStack<PromtailProps['tenants']>(),
};

const PROMTAIL = entriesOf<PromtailProps>()({
  ...shared,
  journald: checkedByStack<PromtailProps['journald']>(),
});

const OPEN_TELEMETRY = entriesOf<OpenTelemetryCollectorProps>()({
  ...shared,
  collectFrom: checkedByStack<OpenTelemetryCollectorProps['collectFrom']>(),
});

const CHECKS = {
  promtail: {
    schema: optionsOf<PromtailProps>()(PROMTAIL),
    options: Object.keys(PROMTAIL),
    own: ['lokiUrl'],
    others: { ...OTHERS, collector: 'promtail' },
  },
  opentelemetry: {
    schema: optionsOf<OpenTelemetryCollectorProps>()(OPEN_TELEMETRY),
    options: Object.keys(OPEN_TELEMETRY),
    own: ['lokiUrl'],
    others: { ...OTHERS, collector: 'opentelemetry' },
  },
} as const;

/**
 * The OpenTelemetry Collector by itself: on every node, it reads the logs of all pods and sends them to any Loki.
 * `app.synth()` reports invalid options, as with `LogAlerting`. Its namespace must allow `privileged` pods, because it
 * mounts the node's log folders.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'log-collector', { podSecurity: 'privileged' });
 * new OpenTelemetryCollector(chart, 'collector', { lokiUrl: 'http://loki-gateway.loki.svc' });
 * app.synth();
 */
export class OpenTelemetryCollector extends OpenTelemetryComponent {
  constructor(scope: Construct, id: string, props: OpenTelemetryCollectorProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, withRules(props), CHECKS.opentelemetry);
    super(scope, { ...stack.collector, lokiUrl: valid ? props.lokiUrl : '' }, placement);
    report(this, findings, props);
  }
}

/**
 * Promtail by itself: on every node, it reads the logs of all pods and sends them to any Loki. It has reached its end of
 * life: prefer `OpenTelemetryCollector`. Its namespace must allow `privileged` pods.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'log-collector', { podSecurity: 'privileged' });
 * new Promtail(chart, 'collector', { lokiUrl: 'http://loki-gateway.loki.svc' });
 * app.synth();
 */
export class Promtail extends PromtailComponent {
  constructor(scope: Construct, id: string, props: PromtailProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, withRules(props), CHECKS.promtail);
    super(scope, { ...stack.collector, lokiUrl: valid ? props.lokiUrl : '' }, placement);
    report(this, findings, props);
  }
}

/** A rule without findings: the tenants of `LogAlerting` have rules, which the collector does not need. */
const SOME_RULES: RuleFile = {
  name: 'some.yaml',
  groups: [
    {
      name: 'some',
      rules: [
        {
          alert: 'Some',
          expr: 'sum by (namespace, app) (rate({job=~".+"}[1m])) > 1',
          for: '1m',
          labels: { severity: 'warning', team: 'devops' },
        },
      ],
    },
  ],
};

/** Completes tenants to those of `LogAlerting`. */
export function withRules<Props extends Pick<PromtailProps, 'tenants'>>(props: Props): Props {
  const { tenants } = props ?? {};
  if (typeof tenants !== 'object' || tenants === null) return props;
  const complete = Object.entries(tenants).map(([id, tenant]) => [id, { rules: [SOME_RULES], ...tenant }]);
  return { ...props, tenants: Object.fromEntries(complete) };
}
