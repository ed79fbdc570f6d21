import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type { Links } from '../lib';
export type { LogRuleProps } from './annotations';
export { errors } from './errors';
export { HIGH_LOG_RATE, highLogRate } from './high-log-rate';
export { type HeldWhileLateProps, heldWhileLate } from './hold';
export { kubernetesEvents } from './kubernetes-events';
export { type NewErrorsProps, newErrors } from './new-errors';
export { noLogs } from './no-logs';
export { type PipelineProps, pipeline } from './pipeline';
export { silence } from './silence';
export { watchdog } from './watchdog';

/** Runbook for these alerts, in Markdown, for the option `runbook`. */
export const RUNBOOK = readFileSync(join(__dirname, 'runbook.md'), 'utf8');
