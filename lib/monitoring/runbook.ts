import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runbook of the alerts on the pipeline, in Markdown. */
export const PIPELINE_RUNBOOK = readFileSync(join(__dirname, 'runbook.md'), 'utf8');
