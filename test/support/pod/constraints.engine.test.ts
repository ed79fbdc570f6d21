import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { synthObjects } from '../../manifests/synth';
import { statusOf } from './kernel';
import type { RunningPod } from './pod';
import { podTest } from './pods-run';
import { startAlertmanagerPod, startLokiPod } from './programs';

// That the harness holds a program to what its pod says. Not enforced on a machine: it says so, and CI fails.

let pod: RunningPod | undefined;
afterEach(() => pod?.stop());

podTest('a program has the user, groups and privileges of its pod', async () => {
  pod = await startLokiPod(synthObjects());
  if (!pod.machine.users) return;

  const { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs } = statusOf(pod.programPid);

  expect({ Uid, Gid, Groups: Groups?.trim() }).toEqual({
    Uid: '10001\t10001\t10001\t10001',
    Gid: '10001\t10001\t10001\t10001',
    Groups: '10001',
  });
  expect([CapEff, CapBnd, NoNewPrivs]).toEqual(['0'.repeat(16), '0'.repeat(16), '1']);
});

podTest('a disk holds no more than its size, and keeps it when the container is killed', async () => {
  pod = await startLokiPod(synthObjects(), { sizes: { data: '32Mi' } });
  if (!pod.machine.disks) return;
  writeFileSync(join(pod.path('/loki'), 'kept'), 'text');

  expect(() => writeFileSync(join(pod?.path('/loki') ?? '', 'large'), Buffer.alloc(40 * 2 ** 20))).toThrow('ENOSPC');
  await pod.kill();
  await pod.restart();

  expect(readFileSync(join(pod.path('/loki'), 'kept'), 'utf8')).toBe('text');
});

podTest('more memory than the limit ends the container', async () => {
  const started = startLokiPod(synthObjects(), { memoryLimit: '16Mi' });
  const outcome = await started.then(
    (running) => {
      pod = running;
      return 'ready';
    },
    (error: Error) => error.message,
  );
  if (pod && !pod.machine.memory) return;

  expect(outcome).toContain('exit code 137');
});

podTest('more in emptyDirs than the ephemeral storage ends the pod', async () => {
  pod = await startLokiPod(synthObjects(), { sizes: { tmp: '1Gi' } });
  if (!pod.machine.disks) return;

  writeFileSync(join(pod.path('/tmp'), 'large'), Buffer.alloc(300 * 2 ** 20));
  for (let i = 0; i < 50 && !pod.evicted(); i++) await sleep(200);

  expect(pod.evicted()).toMatch(/of ephemeral storage$/);
});

podTest('nothing but the mounts can be written', async () => {
  // Its data folder where nothing is mounted.
  const started = startAlertmanagerPod(synthObjects(), { args: ['--storage.path=/data'] });

  await expect(started).rejects.toThrow('read-only file system');
});
