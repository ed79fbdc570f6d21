import { DEFAULT_TIMES, type RouteTimes } from '../alertmanager/config/routes';
import type { CollectorName } from '../collector/collectors';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { Duration } from '../rules/model';

/**
 * Deployment profile:
 * - `demo`: one Loki, the log spammer and its slack-inbox; anonymous access to Grafana;
 * - `single`: one Loki, a real Slack, Grafana with a password, without the demo;
 * - `distributed`: like `single`, but with each Loki target as its own workload, object storage and three Alertmanagers;
 * - `external`: like `single`, but with a Loki that is not part of the app.
 */
export type Profile = (typeof PROFILES)[number];

export const PROFILES = ['demo', 'single', 'distributed', 'external'] as const;

/** Defaults of options that depend on the profile. */
interface ProfileDefaults {
  /** True if the demo's workloads are deployed. */
  readonly demo: boolean;
  readonly collector: CollectorName;
  /** Evaluation interval of rule groups that set none. */
  readonly evaluationInterval: Duration;
  readonly routeTimes: RouteTimes;
  /** Number of Alertmanager replicas. */
  readonly alertmanagers: number;
}

const SINGLE: ProfileDefaults = {
  demo: false,
  // Unlike Promtail, it still gets security fixes, and loses no lines if it stops while Loki is down.
  collector: 'opentelemetry',
  evaluationInterval: DEFAULT_EVALUATION_INTERVAL,
  routeTimes: DEFAULT_TIMES,
  alertmanagers: 1,
};

export const PROFILE_DEFAULTS: Readonly<Record<Profile, ProfileDefaults>> = {
  demo: {
    demo: true,
    collector: 'promtail',
    // Short, so that the demo shows alerts quickly: it has few logs to query.
    evaluationInterval: '15s',
    // Short, so that the demo shows every notification and a repetition within minutes.
    routeTimes: { groupWait: '1s', groupInterval: '30s', repeatInterval: '5m' },
    alertmanagers: 1,
  },
  single: SINGLE,
  // One may be down, and the other two still gossip about sent notifications.
  distributed: { ...SINGLE, alertmanagers: 3 },
  external: SINGLE,
};

/** Options that decide the profile. */
export interface ProfileOptions {
  readonly profile?: Profile;
  readonly loki?: object;
}

/** Returns the profile of options: an external Loki needs no other. */
export function profileOf({ profile, loki }: ProfileOptions): Profile {
  return profile ?? (loki !== undefined && 'external' in loki ? 'external' : 'demo');
}

/** Returns whether the demo's workloads are deployed: with profile `demo`, or if the option `demo` is set. */
export function hasDemo({ demo, ...options }: ProfileOptions & { readonly demo?: object }): boolean {
  return PROFILE_DEFAULTS[profileOf(options)].demo || demo !== undefined;
}

/** Returns whether the stack has a collector: always, except with an external Loki that has one. */
export function hasCollector({
  collector,
  ...options
}: ProfileOptions & { readonly collector?: CollectorName | false }): boolean {
  return collector === undefined ? profileOf(options) !== 'external' : collector !== false;
}

/** Returns the collector of the stack: that of the option or, by default, of the profile. */
export function collectorOf({
  collector,
  ...options
}: ProfileOptions & { readonly collector?: CollectorName | false }): CollectorName {
  return collector || PROFILE_DEFAULTS[profileOf(options)].collector;
}
