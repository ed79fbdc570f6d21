import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalFlood, type LocalStage, startLocalStage, WEBSERVICE } from '../../lib/demo-run/local-stage';
import { waitForMessage } from '../../lib/demo-run/wait';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { CANARY_PERIOD_S } from '../../lib/monitoring/log-canary';
import { faster } from './faster';

/** As fast as a collector can follow that sends once a second. */
const FACTOR = 3;

const manifests = faster(readDist(join(__dirname, '..', '..', 'dist')), FACTOR);

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

/** The ways of the messages, in milliseconds, with room for a busy machine. */
const TIMEOUT_MS = 300_000 / FACTOR + 60_000;

let stage: LocalStage;

beforeAll(async () => {
  stage = await startLocalStage(manifests, [FLOOD, CANARY], () => {});
});

afterAll(() => stage?.stop());

test('when the collector dies in a flood, people hear that logs are missing before they hear of its end', async () => {
  // GIVEN a flood that fires
  const told: string[] = [];
  const options = () => ({ since: started, timeoutMs: TIMEOUT_MS, tell: (line: string) => told.push(line) });
  const started = Date.now();
  stage.startFlood();
  await waitForMessage(stage, 'FIRING', { ...options(), title: 'High log rate' });
  // Long enough that the canary is known.
  await sleep(10_000);

  // WHEN the collector is killed
  const killed = Date.now();
  const collector = stage.engines.find(({ engine }) => engine.name === 'promtail');
  process.kill(collector?.pid ?? 0, 'SIGKILL');

  // THEN the notice of missing logs is the next message
  const notice = await waitForMessage(stage, 'FIRING', { ...options(), title: 'No logs arrive' });
  const since = (await stage.messages()).filter(({ time, title }) => time > killed && title.includes('[RESOLVED]'));
  expect(since.filter(({ time }) => time < notice.time)).toEqual([]);
  expect(notice.text).toContain('*Severity:* `critical`');

  // AND the flood is told to be over after it
  const resolved = await waitForMessage(stage, 'RESOLVED', { ...options(), since: killed, title: 'High log rate' });
  expect(resolved.time).toBeGreaterThan(notice.time);
  console.log(`notice ${(notice.time - killed) / 1000} s, resolved ${(resolved.time - killed) / 1000} s`);
});
