import type { CheckInfo } from './check';

/** Checks of rules on a running Loki: `loki-alerts check --loki`. */
export const RUNNING_LOKI_CHECK_INFO = {
  'stream-never-matched': {
    severity: 'warning',
    title: 'selector that never matched a stream',
    needs: 'loki',
    waivable: ['rule'],
  },
  'stream-gone': {
    severity: 'warning',
    title: 'selector that no longer matches a stream',
    needs: 'loki',
    waivable: ['rule'],
  },
  'field-missing': {
    severity: 'warning',
    title: 'label or field that no log line has',
    needs: 'loki',
    waivable: ['rule'],
  },
  'evaluation-fails': { severity: 'error', title: 'rule that Loki fails to evaluate', needs: 'loki' },
  'evaluation-cost': {
    severity: 'warning',
    title: 'evaluations that take longer than their interval, or read too much',
    needs: 'loki',
    waivable: ['rule'],
  },
  'series-over-limit': {
    severity: 'warning',
    title: 'more series than an evaluation may return',
    needs: 'loki',
    waivable: ['rule'],
  },
  'rule-not-loaded': { severity: 'warning', title: 'rule that the ruler has not loaded', needs: 'loki' },
  'rule-outdated': { severity: 'warning', title: 'rule of which the ruler has another version', needs: 'loki' },
} as const satisfies Readonly<Record<string, CheckInfo>>;
