import type { LocalStage } from '../lib/demo-run/local-stage';
import { waitForMessage } from '../lib/demo-run/wait';
import type { OnProgress } from '../lib/engines';
import { type AlertTimes, alertTimes } from './alert-times';
import type { Figure, Subject } from './figure';
import { committedManifests, FLOOD_RATE, onStage } from './stage';

/** Timeout of each message in milliseconds, several times what it normally takes. */
const TIMEOUT_MS = 240_000;

export const detection: Subject = {
  name: 'detection',
  description: 'time from flood to Slack request, and from end of flood to resolved, on real engines; three minutes',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const manifests = committedManifests();
  const times = alertTimes(manifests, FLOOD_RATE);
  return onStage(manifests, onProgress, (stage) => runFlood(stage, times, onProgress));
}

async function runFlood(stage: LocalStage, times: AlertTimes, onProgress: OnProgress): Promise<Figure[]> {
  const started = Date.now();
  stage.startFlood();
  const firing = await waitForMessage(stage, 'FIRING', { since: started, timeoutMs: TIMEOUT_MS, onProgress });
  const stopped = Date.now();
  await stage.stopFlood();
  const resolved = await waitForMessage(stage, 'RESOLVED', { since: stopped, timeoutMs: TIMEOUT_MS, onProgress });

  const detected = (firing.time - started) / 1000;
  const { crossing, pending, interval, groupWait, falling, groupInterval } = times;
  const minimum = crossing + pending + interval + groupWait;
  return [
    { what: 'flood to Slack request', value: detected, unit: 's', note: `${FLOOD_RATE} lines/s, ${times.alert}` },
    {
      what: 'minimum according to the settings',
      value: minimum,
      unit: 's',
      note: `window crossing ${crossing} + for ${pending} + evaluation interval ${interval} + group_wait ${groupWait}`,
    },
    { what: 'flood to Slack request, to the minimum', value: detected / minimum, unit: 'x', aim: { atMost: 1.05 } },
    {
      what: 'end of flood to resolved',
      value: (resolved.time - stopped) / 1000,
      unit: 's',
      note: `settings: ${falling + interval + groupInterval}: window falling ${falling} + evaluation interval ${interval} + group_interval ${groupInterval}`,
    },
  ];
}
