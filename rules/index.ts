import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type { Links } from './annotations';
export { errors } from './errors';
export { HIGH_LOG_RATE, highLogRate } from './high-log-rate';
export { heldWhileLate } from './hold';
export { noLogs } from './no-logs';
export { pipeline } from './pipeline';
export { silence } from './silence';
export { watchdog } from './watchdog';

/** Runbook for these alerts, in Markdown. */
export const RUNBOOK = readFileSync(join(__dirname, 'runbook.md'), 'utf8');
