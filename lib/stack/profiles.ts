import { DEFAULT_TIMES, type RouteTimes } from '../alertmanager/config/routes';
import type { CollectorName } from '../collector/collectors';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { Duration } from '../rules/model';

/**
 * Deployment profile:
 * - `demo`: one Loki, the log spammer and its slack-inbox; anonymous access to Grafana;
 * - `single`: one Loki, a real Slack, a Grafana with a password, nothing of the demo;
 * - `distributed`: the same with Loki's targets as workloads of their own on object storage, and three Alertmanagers.
 */
export type Profile = (typeof PROFILES)[number];

export const PROFILES = ['demo', 'single', 'distributed'] as const;

/** Values of options that are not set. */
interface ProfileDefaults {
  /** Whether the demo's workloads are deployed. */
  readonly demo: boolean;
  readonly collector: CollectorName;
  /** Interval of rule groups that set none. */
  readonly evaluationInterval: Duration;
  readonly routeTimes: RouteTimes;
  /** Number of Alertmanagers. */
  readonly alertmanagers: number;
}

const SINGLE: ProfileDefaults = {
  demo: false,
  // Unlike Promtail, it still gets security fixes, and loses no line when it is stopped while Loki is away.
  collector: 'opentelemetry',
  evaluationInterval: DEFAULT_EVALUATION_INTERVAL,
  routeTimes: DEFAULT_TIMES,
  alertmanagers: 1,
};

export const PROFILE_DEFAULTS: Readonly<Record<Profile, ProfileDefaults>> = {
  demo: {
    demo: true,
    collector: 'promtail',
    // Short, so that nobody who looks at the demo waits: there are few logs to read.
    evaluationInterval: '15s',
    // Each notification, and the reminder, comes within minutes; nobody is woken by it.
    routeTimes: { groupWait: '1s', groupInterval: '30s', repeatInterval: '5m' },
    alertmanagers: 1,
  },
  single: SINGLE,
  // One may be down, and the other two still gossip about what was sent.
  distributed: { ...SINGLE, alertmanagers: 3 },
};

/** Returns whether the demo's workloads are deployed: in its own profile, and where options of theirs are given. */
export function hasDemo({ profile = 'demo', demo }: { readonly profile?: Profile; readonly demo?: object }): boolean {
  return PROFILE_DEFAULTS[profile].demo || demo !== undefined;
}

/** Returns the collector of the stack: the one of the option, or that of the profile. */
export function collectorOf({
  profile = 'demo',
  collector,
}: {
  readonly profile?: Profile;
  readonly collector?: CollectorName;
}): CollectorName {
  return collector ?? PROFILE_DEFAULTS[profile].collector;
}
