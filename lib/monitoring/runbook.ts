import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runbook for the alerts on the pipeline itself, in Markdown. */
export const PIPELINE_RUNBOOK = readFileSync(join(__dirname, 'runbook.md'), 'utf8');
