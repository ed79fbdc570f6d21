import { parseDuration } from '../duration';
import { type AlertRule, isAlert } from '../model';
import type { Check } from './check';

/** What holds for recording rules alone. */
export const recordingChecks: readonly Check[] = [
  {
    id: 'record-for',
    severity: 'error',
    *rule({ rule }) {
      const time: unknown = (rule as Partial<AlertRule>).for;
      if (isAlert(rule) || typeof time !== 'string' || parseDuration(time) === 0) return;
      yield { field: ['for'], message: "a recording rule can't wait and Loki refuses the whole file; remove 'for'" };
    },
  },
  {
    id: 'record-annotations',
    severity: 'error',
    *rule({ rule }) {
      if (isAlert(rule) || Object.keys((rule as Partial<AlertRule>).annotations ?? {}).length === 0) return;
      yield {
        field: ['annotations'],
        message: 'a recording rule has no annotations and Loki refuses the whole file; remove them',
      };
    },
  },
  {
    id: 'record-without-remote-write',
    severity: 'warning',
    dependsOn: 'remoteWrite',
    *rule({ rule, options: { remoteWrite } }) {
      if (isAlert(rule) || remoteWrite !== false) return;
      yield {
        message:
          'the ruler has no remote write target, so Loki evaluates the rule and throws the result away; configure remote write, or remove the rule',
      };
    },
  },
];
