/** Stream of Alertmanager's events: its standard output. Its log is on standard error. */
export interface EventLog {
  readonly namespace: string;
  /** Value of the label `app`. */
  readonly app: string;
}

/**
 * Annotations in an event. They are what the message templates choose from, so that not all of them are in a message,
 * and they may quote log lines: alerts on these texts would fire for Alertmanager too.
 */
export const ANNOTATIONS = String.raw`"annotations":\s*(\{(?:\s*"(?:[^"\\]|\\.)*":\s*"(?:[^"\\]|\\.)*",?)*\s*\})`;

/** In an event that Alertmanager records again whenever Loki sends a firing alert: once per minute and alert. */
export const REPEATED = '"alertGrouped":';

/**
 * Level of events. Loki would detect one in their labels, such as `"severity":"critical"`, and alerts on errors would
 * count them.
 */
export const EVENT_LEVEL = 'info';

/** Label that events do not have, so that the included alerts, which select by it, do not read them. */
export const OMITTED_LABEL = 'job';
