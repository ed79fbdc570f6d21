import { containers, type Workload, workloads } from './kubernetes';
import { everyAppsObjects } from './synth';

/**
 * Programs by image, with true if they write temporary files, according to their code (`os.TempDir`, `os.CreateTemp`)
 * or their image's documentation. The root is read-only, so a missing volume only fails when the program writes.
 */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  // Marker files of the retention; in a distributed Loki, only the compactor writes them.
  loki: (args) => !args.some((arg) => arg.startsWith('-target=') && arg !== '-target=compactor'),
  // Uploads and unpacked plugins.
  grafana: () => true,
  // Request and response bodies, and the PID file.
  'nginx-unprivileged': () => true,
  promtail: () => false,
  // Its storage is compacted in a folder of its own, set in the config.
  'opentelemetry-collector-k8s': () => false,
  alertmanager: () => false,
  memcached: () => false,
  curl: () => false,
  // Only in an example.
  server: () => true,
};

describe.each(everyAppsObjects())('%s', (_, manifests) => {
  test.each(workloads(manifests).map((workload): [string, Workload] => [workload.metadata.name, workload]))(
    '%s can write temporary files if it does',
    (_name, workload) => {
      const { volumes = [] } = workload.spec.template.spec;
      const emptyDirs = volumes.filter(({ emptyDir }) => emptyDir);
      for (const { image, args = [], volumeMounts = [] } of containers(workload)) {
        const program = image.split('/').at(-1)?.split(/[:@]/)[0] ?? '';
        const writes = PROGRAMS[program];
        if (!writes) throw new Error(`'${program}': find out whether it writes temporary files, and add it here`);
        const tmp = volumeMounts.find(({ mountPath }) => mountPath === '/tmp');
        expect([program, tmp !== undefined]).toEqual([program, writes(args)]);
        expect(tmp?.readOnly ?? false).toBe(false);
        if (tmp) expect(emptyDirs.map(({ name }) => name)).toContain(tmp.name);
      }
    },
  );
});
