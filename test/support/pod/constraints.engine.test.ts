import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { objects, synth } from '../../manifests/synth';
import { podTest } from './pods-run';
import { startAlertmanagerPod, startLokiPod } from './programs';
import type { RunningPod } from './start';

// Tests that the harness enforces a pod's constraints. If a machine can't, the harness reports it, and CI fails.

let pod: RunningPod | undefined;
afterEach(() => pod?.stop());

/**
 * Returns the status of the container's main process: the child of the runtime, which is the namespace's first process.
 */
function status(of: RunningPod): Record<string, string> {
  // Each thread has its own children.
  const child = (pid: number) =>
    Number(
      readdirSync(`/proc/${pid}/task`)
        .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'))
        .join('')
        .split(' ')[0],
    );
  const text = readFileSync(`/proc/${child(child(of.pid))}/status`, 'utf8');
  return Object.fromEntries(text.split('\n').map((line) => line.split(/:\s*/, 2) as [string, string]));
}

podTest('runs a program with the user, groups and privileges of its pod', async () => {
  pod = await startLokiPod(objects(synth()));
  if (!pod.machine.users) return;

  const { Uid, Gid, Groups, CapEff, CapBnd, NoNewPrivs } = status(pod);

  expect({ Uid, Gid, Groups: Groups?.trim() }).toEqual({
    Uid: '10001\t10001\t10001\t10001',
    Gid: '10001\t10001\t10001\t10001',
    Groups: '10001',
  });
  expect([CapEff, CapBnd, NoNewPrivs]).toEqual(['0'.repeat(16), '0'.repeat(16), '1']);
});

podTest('limits a disk to its size, and keeps its data when the container is killed', async () => {
  pod = await startLokiPod(objects(synth()), { sizes: { data: '32Mi' } });
  if (!pod.machine.disks) return;
  writeFileSync(join(pod.path('/loki'), 'kept'), 'text');

  expect(() => writeFileSync(join(pod?.path('/loki') ?? '', 'large'), Buffer.alloc(40 * 2 ** 20))).toThrow('ENOSPC');
  await pod.kill();
  await pod.restart();

  expect(readFileSync(join(pod.path('/loki'), 'kept'), 'utf8')).toBe('text');
});

podTest('kills a container that exceeds its memory limit', async () => {
  const started = startLokiPod(objects(synth()), { memoryLimit: '16Mi' });
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
  pod = await startLokiPod(objects(synth()), { sizes: { tmp: '1Gi' } });
  if (!pod.machine.disks) return;

  writeFileSync(join(pod.path('/tmp'), 'large'), Buffer.alloc(300 * 2 ** 20));
  for (let i = 0; i < 50 && !pod.evicted(); i++) await sleep(200);

  expect(pod.evicted()).toMatch(/of ephemeral storage$/);
});

podTest('makes everything except the mounts read-only', async () => {
  // A data folder outside of the mounts.
  const started = startAlertmanagerPod(objects(synth()), { args: ['--storage.path=/data'] });

  await expect(started).rejects.toThrow('read-only file system');
});
