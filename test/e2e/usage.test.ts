import { readSummary, usageBetween } from './usage';

const pod = (name: string, namespace: string, time: string, nanoSeconds: number) => ({
  podRef: { name, namespace },
  cpu: { time, usageCoreNanoSeconds: nanoSeconds },
  memory: { workingSetBytes: 71 * 2 ** 20 },
  'ephemeral-storage': { usedBytes: 2 ** 19 },
});

test('usageBetween returns the average CPU, and the later memory and disk', () => {
  const before = readSummary({ pods: [pod('loki-0', 'logging', '2026-11-23T21:00:00Z', 1e9)] }, ['logging']);
  const after = readSummary(
    {
      pods: [
        pod('loki-0', 'logging', '2026-11-23T21:01:40Z', 3e9),
        pod('new', 'logging', '2026-11-23T21:01:40Z', 1e9),
        pod('coredns', 'kube-system', '2026-11-23T21:01:40Z', 1e9),
      ],
    },
    ['logging'],
  );

  expect(usageBetween(before, after)).toEqual({ 'loki-0': '20.0m CPU, 71.0 MiB memory, 0.5 MiB disk' });
});
