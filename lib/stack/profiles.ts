import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import type { Duration } from '../rules/model';
import type { LogAlertingProps } from './props';

/**
 * What the stack is for:
 * - `demo`: one Loki, the log spammer and its slack-inbox; everybody may look at Grafana;
 * - `single`: one Loki, a real Slack, a Grafana that asks who is there, nothing of the demo;
 * - `distributed`: the same with Loki's targets as workloads of their own on object storage, and three Alertmanagers.
 */
export type Profile = (typeof PROFILES)[number];

export const PROFILES = ['demo', 'single', 'distributed'] as const;

/** Whether the demo's workloads are there: in its own profile, and where options of theirs are given. */
export function hasDemo({ profile = 'demo', demo }: Pick<LogAlertingProps, 'profile' | 'demo'>): boolean {
  return profile === 'demo' || demo !== undefined;
}

/** Short, so that nobody who looks at the demo waits: there are few logs to read. */
const DEMO_EVALUATION_INTERVAL: Duration = '15s';

/** How often rules are evaluated that name no interval of their own. */
export function evaluationInterval({ profile = 'demo', loki }: Pick<LogAlertingProps, 'profile' | 'loki'>): Duration {
  return loki?.evaluationInterval ?? (profile === 'demo' ? DEMO_EVALUATION_INTERVAL : DEFAULT_EVALUATION_INTERVAL);
}
