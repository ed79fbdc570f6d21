import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { k8s } from 'cdk8s-plus-27';
import { LogCanary } from '../../lib/monitoring/log-canary';
import { emptyChart, manifests } from '../kubernetes/chart';
import { workloads } from '../manifests/kubernetes';

const chart = emptyChart('logging');
new LogCanary(chart);
const pod = workloads(manifests(chart))[0]?.spec.template.spec as k8s.PodSpec | undefined;

test('logs a line at once, and exits on SIGTERM', async () => {
  const [command = '', ...args] = [...(pod?.containers[0]?.command ?? []), ...(pod?.containers[0]?.args ?? [])];
  const shell = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => shell.once('exit', (code, signal) => resolve(signal ?? code)));

  for await (const line of createInterface(shell.stdout)) {
    expect(line).toMatch(/^canary 1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    break;
  }
  shell.kill('SIGTERM');
  expect(await ended).toBe(0);
  // The shell's sleep still runs for some seconds and holds the pipe open.
  shell.stdout.destroy();
});

test('is evicted from a lost node after 30 s', () => {
  expect(pod?.tolerations).toEqual([
    expect.objectContaining({ key: 'node.kubernetes.io/not-ready', tolerationSeconds: 30 }),
    expect.objectContaining({ key: 'node.kubernetes.io/unreachable', tolerationSeconds: 30 }),
  ]);
});
