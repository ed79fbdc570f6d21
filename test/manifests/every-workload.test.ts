import { images } from '../../lib/versions/images';
import {
  type Container,
  configMaps,
  containers,
  find,
  type Manifest,
  matches,
  nameOf,
  quantity,
  services,
  type Workload,
  workloads,
} from './kubernetes';
import { DEMO, EXTERNAL_NAMESPACE, everyAppsObjects } from './synth';

/** A program of examples/gotify, which is not part of the stack. */
const IMAGE_OF_EXAMPLE = 'gotify/server:2.6.3';

const apps = everyAppsObjects();

/** Reads the node's log files, which no other workload may do, and the API server. */
const isCollector = ({ metadata }: Workload) => metadata.labels?.['app.kubernetes.io/component'] === 'log-collector';

/** Reads events and pods of the API server. */
const isEventCollector = ({ metadata }: Workload) => metadata.name === 'kubernetes-events';

/** Secrets that users create before they apply the stack, as listed in the README. */
const DOCUMENTED_SECRETS = [
  'slack-webhook',
  'grafana-admin',
  'alertmanager-auth',
  'loki-object-storage',
  'heartbeat',
  'gotify-admin',
  'gotify',
];

const cases = apps.flatMap(([app, all]) =>
  workloads(all).map((workload) => ({ name: `${nameOf(workload)} of ${app}`, workload, all })),
);

describe.each(cases)('$name', ({ workload, all }) => {
  const { template } = workload.spec;
  const pod = template.spec;
  const { volumes = [] } = pod;
  const neighbours = all.filter(({ metadata }) => metadata.namespace === workload.metadata.namespace);
  const ports = containers(workload).flatMap((container) => container.ports ?? []);

  test('is hardened', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: !isCollector(workload),
      runAsUser: expect.any(Number),
      runAsGroup: expect.any(Number),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext.runAsUser === 0).toBe(isCollector(workload));
    for (const { securityContext } of containers(workload)) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('has credentials for the API server only if it is a collector', () => {
    expect(pod.automountServiceAccountToken).toBe(isCollector(workload) || isEventCollector(workload));
    expect(pod.enableServiceLinks).toBe(false);
    if (pod.serviceAccountName) find(neighbours, 'ServiceAccount', pod.serviceAccountName);
  });

  test('requests CPU, memory and disk, and limits memory and disk', () => {
    for (const { resources } of containers(workload)) {
      expect(Object.keys(resources.requests).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
      expect(Object.keys(resources.limits).sort()).toEqual(['ephemeral-storage', 'memory']);
      for (const [resource, limit] of Object.entries(resources.limits)) {
        expect(quantity(limit)).toBeGreaterThanOrEqual(quantity(resources.requests[resource]));
      }
    }
  });

  test('has enough disk for its emptyDirs and its logs', () => {
    const emptyDirs = volumes.flatMap(({ emptyDir }) => (emptyDir ? [quantity(emptyDir.sizeLimit)] : []));
    const kept = 5 * quantity('10Mi');
    const [{ resources }] = containers(workload) as [Container];

    expect(quantity(resources.limits['ephemeral-storage'])).toBeGreaterThan(emptyDirs.reduce((a, b) => a + b, kept));
  });

  test('runs pinned images, and needs no registry if the node has them', () => {
    const pinned = [...Object.values(images), IMAGE_OF_EXAMPLE].filter((image) => /:v?\d+\.\d+\.\d+/.test(image));
    for (const { image, imagePullPolicy } of containers(workload)) {
      expect(pinned).toContain(image);
      expect(imagePullPolicy).toBe('IfNotPresent');
    }
  });

  test('has probes on named ports', () => {
    for (const container of containers(workload)) {
      const names = container.ports?.map(({ name }) => name) ?? [];
      const { readinessProbe, livenessProbe, startupProbe } = container;
      for (const probe of [readinessProbe, livenessProbe, startupProbe].filter((probe) => probe !== undefined)) {
        expect(names).toContain((probe.httpGet ?? probe.tcpSocket)?.port);
      }
      // Whatever others connect to needs a readiness probe.
      if (names.length > 0) expect(readinessProbe).toBeDefined();
    }
  });

  test('mounts exactly the volumes that it defines, each path once', () => {
    const claims = workload.spec.volumeClaimTemplates ?? [];
    const defined = [...volumes.map(({ name }) => name), ...claims.map(({ metadata }) => metadata.name)];
    const mounts = containers(workload).flatMap(({ volumeMounts = [] }) => volumeMounts);
    const paths = mounts.map(({ mountPath }) => mountPath);

    expect([...new Set(mounts.map(({ name }) => name))].sort()).toEqual(defined.sort());
    expect(paths).toEqual([...new Set(paths)]);
  });

  test('can only write to its own disks', () => {
    const writable = containers(workload).flatMap(({ volumeMounts = [] }) =>
      volumeMounts.filter(({ readOnly }) => !readOnly).map(({ name }) => name),
    );
    const shared = volumes.filter(({ configMap, secret, projected }) => configMap ?? secret ?? projected);

    expect(shared.filter(({ name }) => writable.includes(name))).toEqual([]);
  });

  test('mounts existing ConfigMaps and keys, and documented Secrets', () => {
    for (const { name, items = [] } of volumes.flatMap(configMaps)) {
      const { data } = find(neighbours, 'ConfigMap', name);
      for (const { key } of items) expect(data).toHaveProperty([key]);
    }
    for (const { secret } of volumes) {
      if (secret) expect(DOCUMENTED_SECRETS).toContain(secret.secretName);
    }
    for (const { valueFrom } of containers(workload).flatMap(({ env = [] }) => env)) {
      if (valueFrom?.secretKeyRef) expect(DOCUMENTED_SECRETS).toContain(valueFrom.secretKeyRef.name);
    }
  });

  test('is rolled out after changes of ConfigMaps that it only reads at startup, unlike rules', () => {
    const read = volumes.filter(({ configMap }) => configMap);

    expect(Object.keys(template.metadata.annotations ?? {})).toEqual(read.length > 0 ? ['checksum/config'] : []);
  });

  test('selects exactly its own pods, by labels that upgrades keep', () => {
    const selector = workload.spec.selector.matchLabels;

    expect(Object.keys(selector)).toEqual(['app.kubernetes.io/instance', 'app.kubernetes.io/name']);
    expect(
      workloads(neighbours)
        .filter(({ spec }) => matches(selector, spec.template.metadata.labels))
        .map(nameOf),
    ).toEqual([nameOf(workload)]);
    const isIngester = workload.metadata.name.startsWith('loki-ingester');
    const ofIngesters = isIngester ? { 'rollout-group': 'loki-ingester' } : {};
    const { 'app.kubernetes.io/version': _, ...lasting } = workload.metadata.labels ?? {};
    expect(template.metadata.labels).toEqual({ ...lasting, ...ofIngesters });
  });

  test('spreads several pods, and allows the eviction of one at a time', () => {
    const scaler = neighbours.find(
      ({ kind, metadata }) => kind === 'HorizontalPodAutoscaler' && metadata.name === workload.metadata.name,
    ) as { spec: { minReplicas: number } } | undefined;
    const { replicas = scaler?.spec.minReplicas ?? 1, selector } = workload.spec;
    const budgets = neighbours.filter(
      ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === workload.metadata.name,
    );
    const isDemo = workload.metadata.labels?.['app.kubernetes.io/component'] === 'demo';

    expect(budgets.map(({ spec }) => spec)).toEqual(
      replicas > 1 && !isDemo ? [{ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector }] : [],
    );
    const spread = { maxSkew: 1, nodeTaintsPolicy: 'Honor', labelSelector: selector };
    const byRevision = workload.kind === 'Deployment' ? { matchLabelKeys: ['pod-template-hash'] } : {};
    const onNodes =
      workload.metadata.name === 'loki-ingester'
        ? { whenUnsatisfiable: 'DoNotSchedule', minDomains: replicas }
        : { whenUnsatisfiable: 'ScheduleAnyway', ...byRevision };
    const constraints = [
      { ...spread, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', ...byRevision },
      { ...spread, topologyKey: 'kubernetes.io/hostname', ...onNodes },
    ];
    if (pod.topologySpreadConstraints || budgets.length > 0) expect(pod.topologySpreadConstraints).toEqual(constraints);
  });

  test('sets the defaults of field references, which are atomic', () => {
    const references = containers(workload).flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.fieldRef ?? []),
    );

    for (const reference of references) expect(reference).toMatchObject({ apiVersion: 'v1' });
  });

  test('keeps three revisions for a rollback', () => {
    expect(workload.spec.revisionHistoryLimit).toBe(3);
  });

  test('has exactly its ports, with the same numbers, in its Services', () => {
    const selecting = services(neighbours).filter(({ spec }) => matches(spec.selector, template.metadata.labels));
    for (const service of selecting) {
      const opened = service.spec.ports.map(({ port, targetPort }) => ({ name: targetPort, containerPort: port }));
      if (service.metadata.name === workload.metadata.name) expect(opened).toEqual(ports);
      expect(ports).toEqual(expect.arrayContaining(opened));
    }
    if (workload.spec.serviceName)
      expect(selecting.map(nameOf)).toContain(`Service ${workload.metadata.namespace}/${workload.spec.serviceName}`);
  });
});

describe.each(apps)('%s', (_, all) => {
  test('has no unused Service, ConfigMap or ServiceAccount', () => {
    const pods = workloads(all).map(({ metadata, spec }) => ({ namespace: metadata.namespace, ...spec.template }));
    const used = (object: Manifest) => {
      const { name, namespace } = object.metadata;
      // Read by the external Loki.
      if (namespace === EXTERNAL_NAMESPACE) return true;
      const near = pods.filter((pod) => pod.namespace === namespace);
      if (object.kind === 'ServiceAccount') return near.some(({ spec }) => spec.serviceAccountName === name);
      if (object.kind === 'ConfigMap') {
        return near.some(({ spec }) => (spec.volumes ?? []).flatMap(configMaps).some((map) => map.name === name));
      }
      const [service] = services([object]);
      return !service || near.some(({ metadata }) => matches(service.spec.selector, metadata.labels));
    };
    expect(all.filter((object) => !used(object)).map(nameOf)).toEqual([]);
  });

  test('refers to existing hosts and ports of the cluster', () => {
    const known = services(all).flatMap(({ metadata, spec }) =>
      spec.ports.map(({ port }) => `http://${metadata.name}.${metadata.namespace}.svc:${port}`),
    );
    for (const { metadata, spec } of workloads(all)) {
      if (!spec.serviceName) continue;
      const ports = spec.template.spec.containers.flatMap((container) => container.ports ?? []);
      for (let i = 0; i < (spec.replicas ?? 1); i++) {
        const host = `${metadata.name}-${i}.${spec.serviceName}.${metadata.namespace}.svc`;
        known.push(...ports.map(({ containerPort }) => `http://${host}:${containerPort}`));
      }
    }
    // The production example's Prometheus and the external Loki are not part of the stack.
    known.push('http://prometheus-operated.monitoring.svc:9090', `http://loki-gateway.${EXTERNAL_NAMESPACE}.svc`);
    const texts = [
      ...all.flatMap(({ data = {} }) => Object.values(data)),
      ...workloads(all).flatMap((workload) => containers(workload).flatMap(({ args = [] }) => args)),
    ];
    const urls = texts.flatMap((text) => text.match(/https?:\/\/[\w.-]+\.svc\b[\w.]*(:\d+)?/g) ?? []);

    expect(urls.length).toBeGreaterThan(0);
    expect(urls.filter((url) => !known.includes(url))).toEqual([]);
  });
});

test('the demo fits a small cluster: it requests at most 600m CPU and 1 GiB of memory', () => {
  const demo = new Map(apps).get(DEMO) as Manifest[];
  const sum = (resource: string) =>
    workloads(demo)
      .flatMap((workload) => containers(workload).map(({ resources }) => ({ workload, asked: resources.requests })))
      .reduce((total, { workload, asked }) => total + (workload.spec.replicas ?? 1) * quantity(asked[resource]), 0);

  expect(sum('cpu')).toBeLessThanOrEqual(0.6);
  expect(sum('memory')).toBeLessThanOrEqual(2 ** 30);
});
