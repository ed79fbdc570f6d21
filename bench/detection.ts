import type { LocalStage } from '../lib/demo-run/local-stage';
import { waitForMessage } from '../lib/demo-run/wait';
import { type AlertTimes, alertTimes } from './alert-times';
import type { Figure, OnProgress, Subject } from './figure';
import { committedManifests, FLOOD_RATE, onStage } from './stage';

/** Far more than either message takes, in milliseconds. */
const TIMEOUT_MS = 240_000;

export const detection: Subject = {
  name: 'detection',
  description: 'flood to Slack request, end of the flood to resolved, on real engines; three minutes',
  measure,
};

async function measure(tell: OnProgress): Promise<Figure[]> {
  const manifests = committedManifests();
  const times = alertTimes(manifests, FLOOD_RATE);
  return onStage(manifests, tell, (stage) => playStory(stage, times, tell));
}

async function playStory(stage: LocalStage, times: AlertTimes, tell: OnProgress): Promise<Figure[]> {
  const started = Date.now();
  stage.startFlood();
  const firing = await waitForMessage(stage, 'FIRING', { since: started, timeoutMs: TIMEOUT_MS, tell });
  const stopped = Date.now();
  await stage.stopFlood();
  const resolved = await waitForMessage(stage, 'RESOLVED', { since: stopped, timeoutMs: TIMEOUT_MS, tell });

  const detected = (firing.time - started) / 1000;
  const { crossing, pending, interval, groupWait, falling, groupInterval } = times;
  const floor = crossing + pending + interval + groupWait;
  return [
    { what: 'flood to Slack request', value: detected, unit: 's', note: `${FLOOD_RATE} lines/s, ${times.alert}` },
    {
      what: "the rule's own floor",
      value: floor,
      unit: 's',
      note: `window crossing ${crossing} + for ${pending} + evaluation interval ${interval} + group_wait ${groupWait}`,
    },
    { what: 'flood to Slack request, to the floor', value: detected / floor, unit: 'x', aim: { atMost: 1.05 } },
    {
      what: 'end of flood to resolved',
      value: (resolved.time - stopped) / 1000,
      unit: 's',
      note: `its settings allow ${falling + interval + groupInterval}: window falling ${falling} + evaluation interval ${interval} + group_interval ${groupInterval}`,
    },
  ];
}
