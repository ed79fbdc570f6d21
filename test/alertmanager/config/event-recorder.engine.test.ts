import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { relocate } from '../../../lib/demo-run/local-configs';
import { startAlertmanager } from '../../../lib/engines';
import { configData } from '../../../lib/kubernetes-objects/dist';
import { containers, workloads } from '../../manifests/kubernetes';
import { synthObjects } from '../../manifests/synth';

const manifests = synthObjects({
  slack: undefined,
  routing: {
    config: {
      route: { receiver: 'null' },
      receivers: [{ name: 'null' }],
      event_recorder: {
        file_outputs: [{ name: 'history', path: '/alertmanager/events.jsonl' }],
        stdout_outputs: [{ name: 'log' }],
      },
    },
  },
});

test('writes events to the configured outputs', async () => {
  const features = workloads(manifests)
    .filter(({ metadata }) => metadata.name === 'alertmanager')
    .flatMap(containers)
    .flatMap(({ args = [] }) => args.filter((arg) => arg.startsWith('--enable-feature')));
  const config = parse(configData(manifests, 'alertmanager-config')['alertmanager.yml'] ?? '');
  const alertmanager = await startAlertmanager(
    ({ dir }) => relocate(config, { '/etc/alertmanager': dir, '/alertmanager': dir }),
    {
      args: features,
    },
  );
  try {
    const { ok } = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'Recorded' } }]),
    });
    expect(ok).toBe(true);
    const history = () => readFileSync(join(alertmanager.dir, 'events.jsonl'), 'utf8');
    await until(() => history().includes('"Recorded"') && alertmanager.logs().includes('"Recorded"'));
  } finally {
    await alertmanager.stop();
  }
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('no event of the alert within 15 s');
    await sleep(100);
  }
}
