import type { Construct } from 'constructs';
import * as v from 'valibot';
import { EVENT_LINES } from '../../collector/kubernetes-events/fields';
import { logAlertingDashboard } from '../../grafana/dashboard';
import { Grafana as GrafanaComponent } from '../../grafana/grafana';
import { expose } from '../../kubernetes/exposure';
import { entriesOf, httpUrl, objectName, optionsOf, schemaAs, wrong } from '../../validate/validate';
import type { ProtectedGrafanaOptions, SharedLogAlertingProps } from '../props';
import { report } from '../report';
import { checkedByStack, checkedPart, OTHERS, type PartProps, partOptions, podsOf } from './part';

/** Programs that Grafana queries, with their base URLs as Grafana reaches them. */
export interface GrafanaDatasources {
  /** Base URL of Loki, e.g. `http://loki-gateway.loki.svc`. */
  readonly lokiUrl: string;
  /** Tenants of Loki, each of which gets a datasource. @default none, Loki has no tenants */
  readonly tenants?: readonly string[];
  /** Base URL of Alertmanager, for silences. @default none */
  readonly alertmanagerUrl?: string;
  /** Secret with the keys `username` and `password` of Alertmanager. @default none, it has no password */
  readonly basicAuthSecret?: string;
  /** Base URL of Prometheus, for dashboards with metrics. @default none */
  readonly prometheusUrl?: string;
}

/** Options of `Grafana`, named as in `LogAlerting`. */
export interface GrafanaProps
  extends PartProps<'grafana'>,
    Pick<SharedLogAlertingProps, 'rateAlert' | 'runbook' | 'grafanaUrl' | 'kubernetesEvents'> {
  /** Access to Grafana. */
  readonly grafana: ProtectedGrafanaOptions;
  /** Programs that Grafana queries. */
  readonly datasources: GrafanaDatasources;
  /** Further dashboards by file name, as JSON objects. @default none */
  readonly dashboards?: Readonly<Record<string, object>>;
}

/** File of the dashboard that every Grafana has. */
const OWN_DASHBOARD = 'log-alerting.json';

const OPTIONS = entriesOf<GrafanaProps>()({
  ...partOptions,
  pods: podsOf('grafana'),
  rateAlert: checkedByStack<GrafanaProps['rateAlert']>(),
  runbook: checkedByStack<GrafanaProps['runbook']>(),
  grafanaUrl: checkedByStack<GrafanaProps['grafanaUrl']>(),
  kubernetesEvents: checkedByStack<GrafanaProps['kubernetesEvents']>(),
  grafana: checkedByStack<GrafanaProps['grafana']>(),
  datasources: optionsOf<GrafanaDatasources>()({
    lokiUrl: httpUrl,
    tenants: v.optional(v.array(v.string())),
    alertmanagerUrl: v.optional(httpUrl),
    basicAuthSecret: v.optional(objectName),
    prometheusUrl: v.optional(httpUrl),
  }),
  dashboards: v.optional(
    v.record(
      v.pipe(
        v.string(),
        v.regex(
          /^[\w.-]+\.json$/,
          wrong('is not a valid file name', 'use letters, digits, -, _ and ., ending in .json'),
        ),
        v.check((name) => name !== OWN_DASHBOARD, wrong('is the file of the included dashboard', 'use another name')),
      ),
      schemaAs<object>(v.looseObject({})),
    ),
  ),
});

const CHECKS = {
  schema: optionsOf<GrafanaProps>()(OPTIONS),
  options: Object.keys(OPTIONS),
  own: ['datasources', 'dashboards'],
  others: OTHERS,
};

/**
 * Grafana by itself, with the dashboard of the alerts and datasources for any Loki. `app.synth()` reports invalid
 * options, as with `LogAlerting`.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'grafana', { podSecurity: 'restricted' });
 * new Grafana(chart, 'grafana', {
 *   grafana: { adminSecret: 'grafana-admin' },
 *   grafanaUrl: 'https://grafana.example.com',
 *   datasources: { lokiUrl: 'http://loki-gateway.loki.svc' },
 *   rateAlert: HIGH_LOG_RATE,
 *   runbook: RUNBOOK,
 * });
 * app.synth();
 */
export class Grafana extends GrafanaComponent {
  constructor(scope: Construct, id: string, props: GrafanaProps) {
    const { stack, findings, placement, valid } = checkedPart(scope, id, props, CHECKS);
    const { url: rootUrl, adminSecret, rateAlert, runbook } = stack.grafana;
    const { datasources, dashboards } = valid ? props : { datasources: { lokiUrl: '' } };
    const { basicAuthSecret, ...urls } = datasources;
    const events = stack.kubernetesEvents ? EVENT_LINES : undefined;
    const own = { [OWN_DASHBOARD]: logAlertingDashboard({ alert: rateAlert, runbook, events }) };
    super(
      scope,
      {
        ...urls,
        alertmanagerAuthSecret: basicAuthSecret,
        rootUrl,
        adminSecret,
        dashboards: { ...own, ...dashboards },
      },
      placement,
    );
    expose(this, stack.grafana);
    report(this, findings, props);
  }
}
