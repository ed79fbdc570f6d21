import { durationMs } from '../../text/duration';
import { isAlert } from '../model';
import type { RuleCheck } from './rule-check';

/** Checks on recording rules only. */
export const recordingChecks: readonly RuleCheck[] = [
  {
    id: 'record-for',
    *rule({ rule }) {
      const time: unknown = rule.for;
      if (isAlert(rule) || typeof time !== 'string' || durationMs(time) === 0) return;
      yield { field: ['for'], problem: 'field "for" is not supported in a recording rule', fix: 'remove it' };
    },
  },
  {
    id: 'record-annotations',
    *rule({ rule }) {
      if (isAlert(rule) || Object.keys(rule.annotations ?? {}).length === 0) return;
      yield {
        field: ['annotations'],
        problem: 'field "annotations" is not supported in a recording rule',
        fix: 'remove it',
      };
    },
  },
  {
    id: 'record-without-remote-write',
    *rule({ rule, options: { remoteWrite } }) {
      if (isAlert(rule) || remoteWrite !== false) return;
      yield {
        problem: 'the ruler has no remote write target, so Loki discards the result',
        fix: 'configure remote write, or remove the rule',
      };
    },
  },
];
