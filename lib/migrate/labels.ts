import { COLLECTOR_LABELS } from '../collector/labels';
import { LOKI_LABELS } from '../rules/options';

/** Labels that every line has. */
export const KNOWN_LABELS: readonly string[] = [...COLLECTOR_LABELS, ...LOKI_LABELS];
