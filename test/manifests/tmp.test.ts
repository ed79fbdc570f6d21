import { containers, type Workload, workloads } from './kubernetes';
import { everyAppsObjects } from './synth';

/**
 * Programs by image, and whether they write temporary files: found in their code (`os.TempDir`, `os.CreateTemp`) or on
 * their images' documentation. The root is read-only, so that what is missing here fails only when it is needed.
 */
const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  // Retention's marker files; of a distributed Loki, the compactor alone has it.
  loki: (args) => !args.some((arg) => arg.startsWith('-target=') && arg !== '-target=compactor'),
  // Uploads, and plugins that are unpacked.
  grafana: () => true,
  // Bodies, answers and its pid.
  'nginx-unprivileged': () => true,
  promtail: () => false,
  // Its storage is compacted in a folder of its own that the configuration names.
  'opentelemetry-collector-k8s': () => false,
  alertmanager: () => false,
  memcached: () => false,
  curl: () => false,
  // Gotify of an example.
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
