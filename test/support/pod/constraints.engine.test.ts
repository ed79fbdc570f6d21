import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { synthObjects } from '../../manifests/synth';
import { statusOf } from './kernel';
import type { RunningPod } from './pod';
import { podTest } from './pods-run';
import { startAlertmanagerPod, startLokiPod } from './programs';

// Tests that the harness enforces a pod's constraints. If a machine can't, the harness reports it, and CI fails.

let pod: RunningPod | undefined;
afterEach(() => pod?.stop());

podTest('runs a program with the user, groups and privileges of its pod', async () => {
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

podTest('limits a disk to its size, and keeps its data when the container is killed', async () => {
  pod = await startLokiPod(synthObjects(), { sizes: { data: '32Mi' } });
  if (!pod.machine.disks) return;
  writeFileSync(join(pod.path('/loki'), 'kept'), 'text');

  expect(() => writeFileSync(join(pod?.path('/loki') ?? '', 'large'), Buffer.alloc(40 * 2 ** 20))).toThrow('ENOSPC');
  await pod.kill();
  await pod.restart();

  expect(readFileSync(join(pod.path('/loki'), 'kept'), 'utf8')).toBe('text');
});

podTest('kills a container that exceeds its memory limit', async () => {
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

podTest('evicts a pod whose emptyDirs exceed its ephemeral storage', async () => {
  pod = await startLokiPod(synthObjects(), { sizes: { tmp: '1Gi' } });
  if (!pod.machine.disks) return;

  writeFileSync(join(pod.path('/tmp'), 'large'), Buffer.alloc(300 * 2 ** 20));
  for (let i = 0; i < 50 && !pod.evicted(); i++) await sleep(200);

  expect(pod.evicted()).toMatch(/of ephemeral storage$/);
});

podTest('makes everything except the mounts read-only', async () => {
  // A data folder outside of the mounts.
  const started = startAlertmanagerPod(synthObjects(), { args: ['--storage.path=/data'] });

  await expect(started).rejects.toThrow('read-only file system');
});
