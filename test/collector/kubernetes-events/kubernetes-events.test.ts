import { KubernetesEvents } from '../../../lib/collector/kubernetes-events/kubernetes-events';
import { checkLogAlerting } from '../../../lib/stack/check-stack';
import { kubernetesEvents } from '../../../rules';
import { emptyChart, manifests } from '../../kubernetes/chart';
import { find, workloads } from '../../manifests/kubernetes';
import { synthObjects } from '../../manifests/synth';

const rules = [kubernetesEvents({ grafanaUrl: 'http://localhost:3000' })];

function eventsObjects() {
  const chart = emptyChart('logging');
  new KubernetesEvents(chart, { lokiUrl: 'http://loki:3100' });
  return manifests(chart);
}

test('may only read events and pods', () => {
  expect(find(eventsObjects(), 'ClusterRole', 'logging-kubernetes-events')).toMatchObject({
    rules: [{ apiGroups: [''], resources: ['events', 'pods'], verbs: ['get', 'list', 'watch'] }],
  });
});

test('is one pod without writable volumes, as a user of its own', () => {
  const [deployment] = workloads(eventsObjects());
  const { securityContext, containers = [], volumes = [] } = deployment?.spec.template.spec ?? {};

  expect(deployment?.spec).toMatchObject({ replicas: 1 });
  expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 });
  expect(containers[0]?.volumeMounts?.every(({ readOnly }) => readOnly)).toBe(true);
  expect(volumes.map(({ name }) => name)).toEqual(['config']);
});

test('is only deployed with the option, and connects to Loki and the Kubernetes API', () => {
  const names = (props: object) => synthObjects(props).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const added = names({ kubernetesEvents: true }).filter((name) => !names({}).includes(name));

  expect(added).toEqual([
    'ServiceAccount kubernetes-events',
    'ClusterRole logging-kubernetes-events',
    'ClusterRoleBinding logging-kubernetes-events',
    'ConfigMap kubernetes-events-config',
    'Deployment kubernetes-events',
    'NetworkPolicy kubernetes-events',
  ]);
  expect(find(synthObjects({ kubernetesEvents: true }), 'NetworkPolicy', 'kubernetes-events')).toMatchObject({
    spec: { policyTypes: ['Ingress', 'Egress'] },
  });
});

test('rules on events require the option', () => {
  expect(checkLogAlerting({ rules, kubernetesEvents: true }).filter(({ id }) => id === 'option')).toEqual([]);
  expect(checkLogAlerting({ rules })).toContainEqual({
    id: 'option',
    severity: 'error',
    path: ['kubernetesEvents'],
    subject: "option 'kubernetesEvents'",
    problem: "is not set, so there are no lines for rule 'ContainerOutOfMemory' and 6 more",
    fix: 'set kubernetesEvents: true, or remove the rules',
  });
});

test('settings of its pods require the option', () => {
  const pods = { 'kubernetes-events': { resources: { memoryLimit: '1Gi' } } };
  const findings = (kubernetesEvents: boolean) =>
    checkLogAlerting({ rules: [], kubernetesEvents, pods }).filter(({ path }) => path[0] === 'pods');

  expect(findings(true)).toEqual([]);
  expect(findings(false)).toMatchObject([
    {
      path: ['pods', 'kubernetes-events'],
      problem: 'is not deployed',
      fix: 'set kubernetesEvents: true too, or remove it',
    },
  ]);
});
