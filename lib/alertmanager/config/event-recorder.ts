import { posix } from 'node:path';
import { type Finding, finding } from '../../checks/findings';
import type { AlertmanagerConfig } from './config';
import type { Written } from './config-findings';
import { DATA_PATH } from './pod-folders';

/**
 * Command line arguments that `event_recorder` needs: without the feature flag, Alertmanager accepts the section and
 * silently records nothing.
 * @see https://github.com/prometheus/alertmanager/blob/v0.35.0/docs/configuration.md#event-recorder
 */
export function eventRecorderArgs({ event_recorder }: AlertmanagerConfig): string[] {
  return event_recorder ? ['--enable-feature=event-recorder'] : [];
}

/** Reports event files outside the volume: Alertmanager only logs that it cannot open them. */
export function checkEventFiles({ event_recorder }: AlertmanagerConfig, written: Written): Finding[] {
  const { file_outputs }: { readonly file_outputs?: readonly { readonly path: string }[] | null } =
    event_recorder ?? {};
  return (file_outputs ?? []).flatMap(({ path }, i) => {
    if (posix.normalize(path).startsWith(`${DATA_PATH}/`)) return [];
    const place = written(['event_recorder', 'file_outputs', i, 'path']);
    return [
      finding('option', {
        path: place.path,
        subject: place.text,
        problem: `"${path}" is read-only in the pod`,
        fix: `use a path in ${DATA_PATH}, e.g. ${DATA_PATH}/events.jsonl, or stdout_outputs`,
      }),
    ];
  });
}
