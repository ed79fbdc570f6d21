import type { AlertmanagerConfig } from './config/config';

/** Name of Alertmanager's objects, and value of the label `app` of its log. */
export const ALERTMANAGER = 'alertmanager';

/** Adds the output of events to standard output, unless the config has one. */
export function withEventLog(config: AlertmanagerConfig): AlertmanagerConfig {
  const given: { readonly stdout_outputs?: readonly object[] | null } = config.event_recorder ?? {};
  if (given.stdout_outputs?.length) return config;
  return { ...config, event_recorder: { ...given, stdout_outputs: [{ name: 'log' }] } };
}
