import { DEFAULT_TIMES, type RouteTimes } from '../alertmanager/config/routes';
import type { CollectorName } from '../collector/collectors';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { Duration } from '../rules/model';

/**
 * Deployment profile:
 * - `demo`: one Loki, the log spammer and its slack-inbox; anonymous access to Grafana;
 * - `single`: one Loki, a real Slack, Grafana with a password, without the demo;
 * - `distributed`: like `single`, but with each Loki target as its own workload, object storage and three Alertmanagers.
 */
export type Profile = (typeof PROFILES)[number];

export const PROFILES = ['demo', 'single', 'distributed'] as const;

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
};

/** Returns whether the demo's workloads are deployed: with profile `demo`, or if the option `demo` is set. */
export function hasDemo({ profile = 'demo', demo }: { readonly profile?: Profile; readonly demo?: object }): boolean {
  return PROFILE_DEFAULTS[profile].demo || demo !== undefined;
}

/** Returns the collector of the stack: that of the option or, by default, of the profile. */
export function collectorOf({
  profile = 'demo',
  collector,
}: {
  readonly profile?: Profile;
  readonly collector?: CollectorName;
}): CollectorName {
  return collector ?? PROFILE_DEFAULTS[profile].collector;
}
