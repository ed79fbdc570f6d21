import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalFlood, type LocalStage, startLocalStage, WEBSERVICE } from '../../lib/demo-run/local-stage';
import { waitForMessage } from '../../lib/demo-run/wait';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { CANARY_PERIOD_S } from '../../lib/monitoring/log-canary';
import { demoDist } from '../manifests/synth';
import { faster } from './faster';

/** Limited by the collector, which sends a batch per second. */
const FACTOR = 3;

const manifests = faster(readDist(demoDist()), FACTOR);

const FLOOD: LocalFlood = { pod: WEBSERVICE, format: 'cri', rate: 120 };

const CANARY: LocalFlood = {
  pod: {
    namespace: 'logging',
    name: 'log-canary-local',
    app: 'log-canary',
    container: 'log-canary',
    uid: '00000000-0000-4000-8000-000000000003',
  },
  format: 'cri',
  rate: FACTOR / CANARY_PERIOD_S,
};

/** Timeout of a message in milliseconds, sufficient for a busy machine. */
const TIMEOUT_MS = 300_000 / FACTOR + 60_000;

let stage: LocalStage;

beforeAll(async () => {
  stage = await startLocalStage(manifests, [FLOOD, CANARY], () => {});
});

afterAll(() => stage?.stop());

test('when the collector dies during a flood, the notification of missing logs precedes the resolved one', async () => {
  // GIVEN a flood that fires
  const progress: string[] = [];
  const options = () => ({ since: started, timeoutMs: TIMEOUT_MS, onProgress: (line: string) => progress.push(line) });
  const started = Date.now();
  stage.startFlood();
  await waitForMessage(stage, 'FIRING', { ...options(), title: 'High log rate' });
  // Long enough for the rules to see the canary.
  await sleep(10_000);

  // WHEN the collector is killed
  const killed = Date.now();
  const collector = stage.engines.find(({ engine }) => engine.name === 'promtail');
  process.kill(collector?.pid ?? 0, 'SIGKILL');

  // THEN the notification of missing logs is the next message
  const notice = await waitForMessage(stage, 'FIRING', { ...options(), title: 'No logs arrive' });
  const since = (await stage.messages()).filter(({ time, title }) => time > killed && title.includes('[RESOLVED]'));
  expect(since.filter(({ time }) => time < notice.time)).toEqual([]);
  expect(notice.text).toContain('*Severity:* `critical`');

  // AND the resolved message of the flood follows
  const resolved = await waitForMessage(stage, 'RESOLVED', { ...options(), since: killed, title: 'High log rate' });
  expect(resolved.time).toBeGreaterThan(notice.time);
  console.log(`notice ${(notice.time - killed) / 1000} s, resolved ${(resolved.time - killed) / 1000} s`);
});
