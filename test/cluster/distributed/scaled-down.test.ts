import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containers, quantity, workloads } from '../../manifests/kubernetes';
import { parse, synthObjects } from '../../manifests/synth';
import { scaledDown, scaledDownPods } from './scaled-down';

test('the scaled-down Loki, the demo and object storage request less than 1.2 cores and 5 GiB', () => {
  const all = [
    ...synthObjects({
      profile: 'distributed',
      demo: {},
      grafana: { adminSecret: 'grafana-admin' },
      loki: scaledDown,
      pods: scaledDownPods,
    }),
    ...parse(readFileSync(join(__dirname, 'minio.yaml'), 'utf8')),
  ];
  const sum = (resource: string) =>
    workloads(all)
      .flatMap((workload) =>
        containers(workload).map(
          ({ resources }) => (workload.spec.replicas ?? 1) * quantity(resources?.requests[resource] ?? '0'),
        ),
      )
      .reduce((total, each) => total + each, 0);

  expect(sum('cpu')).toBeLessThan(1.2);
  expect(sum('memory')).toBeLessThan(5 * 2 ** 30);
  for (const { metadata, spec } of workloads(all))
    if (metadata.labels?.['app.kubernetes.io/component'] === 'log-store') expect(spec.replicas).toBe(1);
});
