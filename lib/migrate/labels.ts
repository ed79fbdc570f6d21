import { COLLECTOR_LABELS } from '../collector/labels';

/** Labels that Loki adds to lines by itself. */
const LOKI_LABELS = ['detected_level'];

/** Labels that every line has. */
export const KNOWN_LABELS: readonly string[] = [...COLLECTOR_LABELS, ...LOKI_LABELS];
