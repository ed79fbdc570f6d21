import type { Construct } from 'constructs';
import * as v from 'valibot';
import { LOKI_DATASOURCE } from '../../grafana/config';
import { DistributedLoki as DistributedLokiComponent } from '../../loki/distributed';
import { Loki as LokiComponent } from '../../loki/loki';
import type { DistributedLokiOptions, SingleLokiOptions } from '../../loki/props';
import { LOKI_TARGETS } from '../../loki/targets';
import { entriesOf, httpUrl, objectName, optionsOf, wrong } from '../../validate/validate';
import type { PodsName } from '../pods';
import type { SharedLogAlertingProps } from '../props';
import { report } from '../report';
import type { Stack } from '../resolve';
import { checkedByStack, checkedPart, OTHERS, type PartProps, partOptions, podsOf } from './part';

/** Alertmanager to which Loki's ruler sends alerts. */
export interface RulerAlertmanager {
  /** Base URL of each replica: alerts are sent to all, because any may be down. */
  readonly urls: readonly string[];
  /** Secret with the keys `username` and `password` of Alertmanager. @default none, it has no password */
  readonly basicAuthSecret?: string;
}

type LokiPods = 'loki' | Extract<PodsName, `loki-${string}`>;

/** Options of `Loki` and `DistributedLoki`, named as in `LogAlerting`. */
export interface SharedLokiProps<Pods extends LokiPods>
  extends PartProps<Pods>,
    Pick<SharedLogAlertingProps, 'rules' | 'tenants' | 'severities' | 'grafanaUrl' | 'storageClassName' | 'cluster'> {
  /** Alertmanager to which alerts are sent. */
  readonly ruler: RulerAlertmanager;
}

/** Options of `Loki`, named as in `LogAlerting`. */
export interface LokiProps extends SharedLokiProps<'loki'> {
  /** Retention, evaluation interval, limits and disk. @default as in `SingleLokiOptions` */
  readonly loki?: SingleLokiOptions;
}

/** Options of `DistributedLoki`, named as in `LogAlerting`. */
export interface DistributedLokiProps extends SharedLokiProps<Exclude<LokiPods, 'loki'>> {
  /** Object storage, replicas of each target, retention, evaluation interval, limits and disks. */
  readonly loki: DistributedLokiOptions;
}

const shared = {
  ...partOptions,
  rules: checkedByStack<SharedLogAlertingProps['rules']>(),
  tenants: checkedByStack<SharedLogAlertingProps['tenants']>(),
  severities: checkedByStack<SharedLogAlertingProps['severities']>(),
  grafanaUrl: checkedByStack<SharedLogAlertingProps['grafanaUrl']>(),
  storageClassName: checkedByStack<SharedLogAlertingProps['storageClassName']>(),
  cluster: checkedByStack<SharedLogAlertingProps['cluster']>(),
  ruler: optionsOf<RulerAlertmanager>()({
    urls: v.pipe(v.array(httpUrl), v.nonEmpty(wrong('is empty, so no one receives alerts', 'add a URL'))),
    basicAuthSecret: v.optional(objectName),
  }),
};

const SINGLE = entriesOf<LokiProps>()({
  ...shared,
  pods: podsOf('loki'),
  loki: checkedByStack<LokiProps['loki']>(),
});

const TARGETS = Object.keys(LOKI_TARGETS).map((name) => `loki-${name}` as Exclude<LokiPods, 'loki'>);

const DISTRIBUTED = entriesOf<DistributedLokiProps>()({
  ...shared,
  pods: podsOf(...TARGETS, 'loki-gateway', 'loki-chunks-cache', 'loki-results-cache'),
  loki: checkedByStack<DistributedLokiProps['loki']>(),
});

const CHECKS = {
  single: {
    schema: optionsOf<LokiProps>()(SINGLE),
    options: Object.keys(SINGLE),
    own: ['ruler'],
    others: OTHERS,
  },
  distributed: {
    schema: optionsOf<DistributedLokiProps>()(DISTRIBUTED),
    options: Object.keys(DISTRIBUTED),
    own: ['ruler'],
    others: {
      ...OTHERS,
      profile: 'distributed',
      loki: { objectStorage: { endpoint: 'https://s3.example.com', region: 'r', bucket: 'b', credentialsSecret: 'b' } },
    },
  },
} as const;

/** Returns the props of Loki that do not depend on its options. */
function surroundings({ rules, tenants, grafana, storageClassName, cluster }: Stack, ruler?: RulerAlertmanager) {
  return {
    rules,
    tenants,
    storageClassName,
    cluster,
    alertmanagerUrl: ruler?.urls.join(',') ?? '',
    alertmanagerAuthSecret: ruler?.basicAuthSecret,
    grafanaUrl: grafana.url,
    datasourceUid: LOKI_DATASOURCE.uid,
  };
}

/**
 * Loki by itself, as one process with a disk, with its rules. `app.synth()` reports invalid options and rules, as with
 * `LogAlerting`.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'loki', { podSecurity: 'restricted' });
 * const loki = new Loki(chart, 'loki', {
 *   rules: [highLogRate({ grafanaUrl: 'https://grafana.example.com' })],
 *   ruler: { urls: ['http://alertmanager-operated.monitoring.svc:9093'] },
 *   loki: { retention: '30d', storage: '50Gi' },
 * });
 * console.log(loki.pushUrl);
 * app.synth();
 */
export class Loki extends LokiComponent {
  constructor(scope: Construct, id: string, props: LokiProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, props, CHECKS.single);
    super(
      scope,
      { ...(stack.loki as SingleLokiOptions), ...surroundings(stack, valid ? props.ruler : undefined) },
      placement,
    );
    report(this, findings, props);
  }
}

/**
 * Loki by itself, with each target as its own workload, on object storage, with its rules. `app.synth()` reports invalid
 * options and rules, as with `LogAlerting`.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'loki', { podSecurity: 'restricted' });
 * const loki = new DistributedLoki(chart, 'loki', {
 *   rules: [highLogRate({ grafanaUrl: 'https://grafana.example.com' })],
 *   ruler: { urls: ['http://alertmanager-operated.monitoring.svc:9093'] },
 *   loki: {
 *     objectStorage: {
 *       endpoint: 'https://s3.eu-central-1.amazonaws.com',
 *       region: 'eu-central-1',
 *       bucket: 'logs',
 *       credentialsSecret: 'loki-object-storage',
 *     },
 *   },
 * });
 * console.log(loki.queryUrl);
 * app.synth();
 */
export class DistributedLoki extends DistributedLokiComponent {
  constructor(scope: Construct, id: string, props: DistributedLokiProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, props, CHECKS.distributed);
    super(
      scope,
      { ...(stack.loki as DistributedLokiOptions), ...surroundings(stack, valid ? props.ruler : undefined) },
      placement,
    );
    report(this, findings, props);
  }
}
