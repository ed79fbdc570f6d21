import type { LogAlertingProps, PodOptions } from '../../lib';
import { GO_VARIABLES } from '../../lib/kubernetes/go';
import { LOKI_TARGETS } from '../../lib/loki/targets';
import { PODS, PODS_NAMES, type PodsName } from '../../lib/stack/pods';
import { containers, type Manifest, nameOf, type Workload, workloads } from './kubernetes';
import { EVERYTHING, PRODUCTION, type SomeProps, synthObjects } from './synth';

const { namespaces: _, ...DISTRIBUTED } = EVERYTHING;

/** Stacks that together have every component. */
const STACKS: Readonly<Record<string, SomeProps>> = {
  demo: {},
  single: { ...PRODUCTION, collector: 'opentelemetry' },
  distributed: { ...DISTRIBUTED, demo: {}, slack: { webhookUrl: 'http://slack-inbox.demo.svc:8080' } },
  'distributed without zones': {
    ...DISTRIBUTED,
    loki: { ...(DISTRIBUTED.loki as object), zones: undefined } as LogAlertingProps['loki'],
  },
};

const COLLECTORS = ['promtail', 'otel-log-collector'];

/** Returns the component's name in the options. */
function podsName({ metadata }: Manifest): PodsName {
  const { name } = metadata;
  if (COLLECTORS.includes(name)) return 'log-collector';
  return (name.startsWith('loki-ingester-') ? 'loki-ingester' : name) as PodsName;
}

interface Pod {
  readonly metadata: { readonly labels: object; readonly annotations?: object };
  readonly spec: Readonly<Record<string, unknown>>;
}

const pod = ({ spec }: Workload) => spec.template as unknown as Pod;
const resources = (workload: Workload) => containers(workload)[0]?.resources;
const variables = (workload: Workload) => containers(workload)[0]?.env;

/** Variables that are computed from resources, which are set too. */
const GO: readonly string[] = GO_VARIABLES;

const TOLERATION = { key: 'example.com/dedicated', operator: 'Equal', value: 'logs', effect: 'NoSchedule' };
const AFFINITY = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'example.com/disk', operator: 'In', values: ['ssd'] }] }],
    },
  },
};
const SECRET = { name: 'EXAMPLE_TOKEN', valueFrom: { secretKeyRef: { name: 'example', key: 'token' } } };

/** Every setting: the option, and its effect on the pods. */
const SETTINGS: readonly [string, PodOptions, (workload: Workload, before: Workload) => void][] = [
  ['cpu', { resources: { cpu: '3' } }, (now) => expect(resources(now)?.requests.cpu).toBe('3')],
  ['cpuLimit', { resources: { cpuLimit: '5' } }, (now) => expect(resources(now)?.limits.cpu).toBe('5')],
  [
    'memory and memoryLimit',
    { resources: { memory: '3Gi', memoryLimit: '6Gi' } },
    (now) => {
      expect(resources(now)?.requests.memory).toBe('3Gi');
      expect(resources(now)?.limits.memory).toBe('6Gi');
    },
  ],
  [
    'ephemeralStorage',
    { resources: { ephemeralStorage: '3Gi' } },
    (now) => {
      expect(resources(now)?.requests['ephemeral-storage']).toBe('3Gi');
      expect(resources(now)?.limits['ephemeral-storage']).toBe('3Gi');
    },
  ],
  [
    'nodeSelector',
    { nodeSelector: { 'example.com/pool': 'logs' } },
    (now, before) =>
      expect(pod(now).spec.nodeSelector).toEqual({
        ...(pod(before).spec.nodeSelector as object),
        'example.com/pool': 'logs',
      }),
  ],
  [
    'tolerations',
    { tolerations: [TOLERATION] },
    (now, before) =>
      expect(pod(now).spec.tolerations).toEqual([...((pod(before).spec.tolerations as object[]) ?? []), TOLERATION]),
  ],
  ['affinity', { affinity: AFFINITY }, (now) => expect(pod(now).spec.affinity).toEqual(AFFINITY)],
  [
    'podLabels',
    { podLabels: { 'example.com/team': 'platform' } },
    (now, before) =>
      expect(pod(now).metadata.labels).toEqual({ ...pod(before).metadata.labels, 'example.com/team': 'platform' }),
  ],
  [
    'podAnnotations',
    { podAnnotations: { 'example.com/owner': 'a b' } },
    (now, before) =>
      expect(pod(now).metadata.annotations).toEqual({
        // Configs are computed from memory limits, which are set too.
        ...Object.fromEntries(
          Object.keys(pod(before).metadata.annotations ?? {}).map((key) => [key, expect.any(String)]),
        ),
        'example.com/owner': 'a b',
      }),
  ],
  [
    'env',
    { env: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' }, SECRET] },
    (now, before) =>
      expect(variables(now)).toEqual([
        ...(variables(before) ?? []).map((each) =>
          GO.includes(each.name) ? expect.objectContaining({ name: each.name }) : each,
        ),
        { name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' },
        SECRET,
      ]),
  ],
  [
    'priorityClassName',
    { priorityClassName: 'system-node-critical' },
    (now) => expect(pod(now).spec.priorityClassName).toBe('system-node-critical'),
  ],
];

describe.each(Object.entries(STACKS))('%s', (_, props) => {
  const before = synthObjects(props);
  const old = new Map(workloads(before).map((workload) => [nameOf(workload), workload]));
  const names = [...new Set(workloads(before).map(podsName))];

  test('only has components that the options support', () => {
    expect(names.filter((name) => !PODS_NAMES.includes(name))).toEqual([]);
  });

  test('only sets variables that the options reject', () => {
    for (const workload of workloads(before))
      for (const { name } of variables(workload) ?? []) expect(PODS[podsName(workload)].variables).toContain(name);
  });

  test.each(groupsOf(names).map((group) => ({ group })))(
    'every setting of $group only affects its pods',
    ({ group }) => {
      const pods = Object.fromEntries(group.map((name) => [name, EVERY_SETTING]));
      const after = workloads(synthObjects({ ...props, pods }));

      expect(after.map(nameOf)).toEqual([...old.keys()]);
      for (const workload of after) {
        const was = old.get(nameOf(workload)) as Workload;
        if (group.includes(podsName(workload))) {
          for (const [, , seen] of SETTINGS) seen(workload, was);
          expect(workload.spec.selector).toEqual(was.spec.selector);
        } else {
          // The config of all targets contains the memory of ingesters.
          expect(withoutChecksum(workload)).toEqual(withoutChecksum(was));
        }
      }
    },
  );
});

/**
 * Groups of names such that, for any two names, some group contains only the first. They detect a setting that affects
 * another component as reliably as one group per name, in fewer stacks.
 */
function groupsOf<Name>(names: readonly Name[]): Name[][] {
  const bits = Array.from({ length: Math.ceil(Math.log2(names.length)) }, (_, bit) => 1 << bit);
  return bits.flatMap((bit) => [names.filter((_, i) => i & bit), names.filter((_, i) => !(i & bit))]);
}

/** All settings at once: they are independent, and a stack takes a tenth of a second. */
const EVERY_SETTING: PodOptions = {
  ...Object.assign({}, ...SETTINGS.map(([, setting]) => setting)),
  resources: Object.assign({}, ...SETTINGS.map(([, { resources }]) => resources)),
};

function withoutChecksum(workload: Workload): unknown {
  return JSON.parse(JSON.stringify(workload).replaceAll(/"checksum\/config":"\w+"/g, '"checksum/config":""'));
}

test('the stacks together have every component', () => {
  const all = Object.values(STACKS).flatMap((props) => workloads(synthObjects(props)).map(podsName));

  expect([...new Set(all)].sort()).toEqual([...PODS_NAMES].sort());
});

test("a component's priority class takes precedence over that of all pods", () => {
  const all = workloads(
    synthObjects({
      priorityClassName: 'observability',
      pods: { 'log-collector': { priorityClassName: 'system-node-critical' } },
    }),
  );
  const of = (name: string) =>
    pod(all.find(({ metadata }) => metadata.name === name) as Workload).spec.priorityClassName;

  expect([of('promtail'), of('loki'), of('webservice')]).toEqual(['system-node-critical', 'observability', undefined]);
});

test('rejects settings of an unused slack-inbox', () => {
  const pods = { 'slack-inbox': { podLabels: { team: 'a' } } };

  expect(() => synthObjects({ slack: { webhookSecret: 'slack-webhook' }, pods })).toThrow(
    "option 'pods.slack-inbox': has no effect, because no receiver calls the slack-inbox",
  );
});

test("rejects less disk than the pod's folders may use", () => {
  const pods = { grafana: { resources: { ephemeralStorage: '100Mi' } } };

  expect(() => synthObjects({ pods })).toThrow(
    "option 'pods.grafana.resources.ephemeralStorage': is 100Mi, less than the 320Mi of the pod's emptyDir volumes",
  );
});

test('exactly the Go programs have the variables of their limits', () => {
  const env = (props: SomeProps) =>
    Object.fromEntries(
      workloads(synthObjects(props))
        .map((workload): [string, string | undefined] => {
          const named = (variables(workload) ?? []) as readonly { name: string; value?: string }[];
          const value = (name: string) => named.find((each) => each.name === name)?.value;
          return [
            workload.metadata.name,
            value('GOMEMLIMIT') &&
              `${value('GOMEMLIMIT')} ${value('GOMAXPROCS')} of ${resources(workload)?.limits.memory}`,
          ];
        })
        .sort(([a], [b]) => a.localeCompare(b)),
    );

  expect(env({})).toEqual({
    alertmanager: '115MiB 4 of 128Mi',
    grafana: '460MiB 4 of 512Mi',
    'http-client': undefined,
    loki: '921MiB 4 of 1Gi',
    promtail: '230MiB 4 of 256Mi',
    'slack-inbox': undefined,
    webservice: undefined,
  });
  const distributed = env(STACKS['distributed without zones'] ?? {});
  expect(distributed['otel-log-collector']).toBe('192MiB 4 of 384Mi');
  for (const [target, { resources }] of Object.entries(LOKI_TARGETS)) {
    expect(distributed[`loki-${target}`]).toBe(
      `${resources.memoryLimit === '2Gi' ? 1843 : 921}MiB 4 of ${resources.memoryLimit}`,
    );
  }
  expect(distributed['loki-gateway']).toBeUndefined();
  expect(distributed['loki-chunks-cache']).toBeUndefined();
});
