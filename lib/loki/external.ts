import type { ClientAuth } from '../kubernetes/client-auth';
import { destinationOf } from '../kubernetes/destination';
import type { Outside } from '../kubernetes/network-policies';
import type { RuleTarget } from '../rules/export/target';
import type { Duration } from '../rules/model';

/** A Loki that is not part of the app: of its Helm chart, the Loki operator, or Grafana Cloud. */
export interface ExternalLoki extends ClientAuth {
  /**
   * Base URL as pods reach it, without `/loki/api/v1`: `http://loki-gateway.loki.svc`, or
   * `https://logs-prod-012.grafana.net`. A path is possible, as in the gateway of the Loki operator.
   */
  readonly url: string;
  /** Base URL for queries, if it has another one. @default `url` */
  readonly queryUrl?: string;
  /** Tenant of logs, rules and queries, the header `X-Scope-OrgID`. @default none, Loki has one tenant */
  readonly tenant?: string;
  /** Namespace of the ruler, which must reach Alertmanager. @default the namespace of `url`; none outside the cluster */
  readonly rulerNamespace?: string;
  /**
   * Objects with the rules, and their labels and namespace. The Loki operator and Alloy need `alertingrule` and
   * `prometheusrule`, the chart's sidecar `configmap`.
   * @default none, the rules are only checked: `loki-alerts rules sync` sends them to the ruler's API
   */
  readonly rules?: RuleTarget;
}

/** Options of Loki in the profile `external`. */
export interface ExternalLokiOptions {
  /** Addresses of Loki, credentials, and the form of its rules. */
  readonly external: ExternalLoki;
  /** The ruler's `evaluation_interval`, for the checks. @default '1m', as Loki */
  readonly evaluationInterval?: Duration;
  /** Only supported by the profile `distributed`. @default none */
  readonly objectStorage?: undefined;
}

/** An address of an external Loki. NetworkPolicies allow all ports of its namespace: that of its pods is unknown. */
export class ExternalEndpoint implements Outside {
  readonly namespace?: string;
  readonly ports?: readonly number[];

  constructor(private readonly base: string) {
    // A host without a namespace is not valid, because clients are in several namespaces.
    const { namespace, port } = destinationOf(base, '');
    if (namespace === undefined) this.ports = [port];
    else this.namespace = namespace;
  }

  /** Returns the base URL, without a slash at the end. */
  url(): string {
    return this.base.replace(/\/+$/, '');
  }
}
