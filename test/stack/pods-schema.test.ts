import type { LogAlertingProps, PodsOptions } from '../../lib';
import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PROPS } from '../manifests/synth';

const found = (pods: unknown, instead: object = {}) =>
  checkLogAlertingOptions({ ...PROPS, ...instead, pods }).map(formatMessage);

/** Returns the findings on settings of a component of every profile. */
const grafana = (options: unknown) => found({ grafana: options });

test('accepts every setting', () => {
  expect(
    grafana({
      resources: { cpu: '0.5', cpuLimit: '2', memory: '300Mi', memoryLimit: '1Gi', ephemeralStorage: '1Gi' },
      nodeSelector: { 'kubernetes.io/os': 'linux', 'example.com/pool': '' },
      tolerations: [
        { operator: 'Exists' },
        { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
        { key: 'example.com/dedicated', value: 'logs', effect: 'PreferNoSchedule' },
      ],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }] } },
          ],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'a' } } },
          ],
        },
      },
      podLabels: { team: 'platform', 'sidecar.istio.io/inject': 'false' },
      podAnnotations: { 'example.com/a': 'any text' },
      env: [
        { name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' },
        { name: 'GF_AUTH_GENERIC_OAUTH_TOKEN_URL', value: 'https://sso.example.com/token' },
        { name: 'GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET', valueFrom: { secretKeyRef: { name: 'sso', key: 'secret' } } },
      ],
      priorityClassName: 'high',
    }),
  ).toEqual([]);
});

test.each<[string, unknown, RegExp]>([
  [
    'a CPU request that is not a quantity',
    { resources: { cpu: 'half' } },
    /resources.cpu': "half" is not a valid CPU quantity: .*250m$/,
  ],
  ['memory as CPU', { resources: { cpu: '1Gi' } }, /resources.cpu': "1Gi" is not a valid CPU quantity/],
  [
    'a wrong unit',
    { resources: { memoryLimit: '1GB' } },
    /option 'pods\.grafana\.resources\.memoryLimit': "1GB" is not a valid Kubernetes quantity: use 1Gi/,
  ],
  ['thousandths of a byte', { resources: { memory: '300m' } }, /memory': "300m" is in thousandths of a byte: use Mi/],
  [
    'no disk at all',
    { resources: { ephemeralStorage: '0' } },
    /option 'pods\.grafana\.resources\.ephemeralStorage': "0" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m/,
  ],
  [
    'a request above the default limit',
    { resources: { memory: '1Gi' } },
    /option 'pods\.grafana\.resources\.memory': requests more memory \(1Gi\) than its limit \(512Mi\): raise memoryLimit, or lower memory/,
  ],
  [
    'a limit below the default request',
    { resources: { memoryLimit: '100Mi' } },
    /option 'pods\.grafana\.resources\.memoryLimit': requests more memory \(200Mi\) than its limit \(100Mi\): raise memoryLimit, or lower memory/,
  ],
  [
    'a CPU limit below the request',
    { resources: { cpuLimit: '50m' } },
    /option 'pods\.grafana\.resources\.cpuLimit': requests more CPU \(100m\) than its limit \(50m\): raise cpuLimit, or lower cpu/,
  ],
  [
    'an unknown resource',
    { resources: { memoryLimits: '1Gi' } },
    /option 'pods\.grafana\.resources\.memoryLimits': is not an option: use one of cpu, cpuLimit, memory, memoryLimit, ephemeralStorage; did you mean 'memoryLimit'\?/,
  ],
  [
    'an unknown setting',
    { nodeSelectors: {} },
    /option 'pods\.grafana\.nodeSelectors': is not an option: use one of resources, nodeSelector, tolerations, affinity, podLabels, podAnnotations, env, priorityClassName; did you mean 'nodeSelector'\?/,
  ],
  [
    'an unknown operator of a toleration',
    { tolerations: [{ key: 'a', operator: 'Exist' }] },
    /pods.grafana.tolerations.0.operator': "Exist" is not one of Exists, Equal; did you mean 'Exists'\?$/,
  ],
  [
    'an unknown effect',
    { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoScheduled' }] },
    /tolerations.0.effect': "NoScheduled" is not one of .*; did you mean 'NoSchedule'\?$/,
  ],
  [
    'a value of a toleration for any value',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    /tolerations.0.value': has no effect together with operator: 'Exists'.*: remove it, or use operator: 'Equal'/,
  ],
  ['a toleration without a key', { tolerations: [{ effect: 'NoSchedule' }] }, /tolerations.0.key': is missing: set/],
  [
    'a toleration with an invalid key',
    { tolerations: [{ key: 'a b' }] },
    /tolerations.0.key': "a b" is not a valid key/,
  ],
  [
    'tolerationSeconds for a taint that does not evict',
    { tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }] },
    /tolerationSeconds': is only supported by effect: 'NoExecute'/,
  ],
  [
    'an unknown operator of an affinity',
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Is', values: ['b'] }] }],
          },
        },
      },
    },
    /matchExpressions.0.operator': "Is" is not one of In, NotIn/,
  ],
  [
    'an affinity without values',
    {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'a', labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
          ],
        },
      },
    },
    /matchExpressions.0.values': is missing or empty: In and NotIn require/,
  ],
  [
    'an unknown affinity',
    { affinity: { nodeAfinity: {} } },
    /option 'pods\.grafana\.affinity\.nodeAfinity': is not an option: use one of nodeAffinity, podAffinity, podAntiAffinity; did you mean 'nodeAffinity'\?/,
  ],
  ['another operating system', { nodeSelector: { 'kubernetes.io/os': 'windows' } }, /nodeSelector': selects nodes of/],
  ['an invalid node label', { nodeSelector: { 'a/b/c': 'd' } }, /nodeSelector.a\/b\/c': .* is not a valid key/],
  ['a label value with a space', { podLabels: { team: 'a b' } }, /podLabels.team': "a b" is not a valid label value/],
  [
    'a label of the selector',
    { podLabels: { 'app.kubernetes.io/name': 'mine' } },
    /podLabels.app.kubernetes.io\/name': .* is set by the stack, whose selectors use it: use a different key$/,
  ],
  [
    'the label of ingesters',
    { podLabels: { 'rollout-group': 'a' } },
    /podLabels.rollout-group': .* is set by the stack/,
  ],
  [
    'the checksum',
    { podAnnotations: { 'checksum/config': 'a' } },
    /podAnnotations.checksum\/config': .* is set by the stack/,
  ],
  [
    'an annotation that is not a string',
    { podAnnotations: { a: true } },
    /option 'pods\.grafana\.podAnnotations\.a': expected string, got true/,
  ],
  [
    'a variable that the stack sets',
    { env: [{ name: 'GF_PATHS_CONFIG', value: '/a' }] },
    /pods.grafana.env.0.name': "GF_PATHS_CONFIG" is set by the stack: use another name$/,
  ],
  [
    'a variable of the Go runtime',
    { env: [{ name: 'GOMEMLIMIT', value: '1GiB' }] },
    /env.0.name': "GOMEMLIMIT" follows from resources.memoryLimit: change that instead$/,
  ],
  [
    'a variable twice',
    {
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    },
    /env': has a duplicate variable A/,
  ],
  [
    'an invalid name of a variable',
    { env: [{ name: 'A-B', value: '1' }] },
    /env.0.name': "A-B" is not a valid variable name/,
  ],
  ['a variable without a value', { env: [{ name: 'A' }] }, /env.0': requires exactly one of value and valueFrom$/],
  [
    'a password',
    { env: [{ name: 'GF_DATABASE_PASSWORD', value: 'hunter2' }] },
    /env.0': contains a credential, .* use valueFrom: \{ secretKeyRef/,
  ],
  [
    'a password in a URL',
    { env: [{ name: 'HTTPS_PROXY', value: 'http://me:hunter2@proxy' }] },
    /env.0': contains a credential/,
  ],
  [
    'an invalid name of a priority class',
    { priorityClassName: 'High Priority' },
    /option 'pods\.grafana\.priorityClassName': "High Priority" is not a valid name of a Kubernetes object: use a-z, 0-9, - and \., starting and ending with a letter or digit/,
  ],
])('rejects %s', (_, options, message) => {
  const messages = grafana(options);

  expect(messages).toEqual([expect.stringMatching(message)]);
  expect(messages.join()).not.toContain('hunter2');
});

test('reports all findings at once', () => {
  expect(
    found({
      loki: { resources: { memory: '2Gi', memoryLimit: '1Gi' }, tolerations: [{ key: 'a', operator: 'Exist' }] },
      lokki: {},
      alertmanager: { resources: { memory: '1Gi' } },
    })
      .map((text) => text.split("':")[0])
      .sort(),
  ).toEqual([
    "option 'pods.alertmanager.resources.memory",
    "option 'pods.loki.resources.memory",
    "option 'pods.loki.tolerations.0.operator",
    "option 'pods.lokki",
  ]);
});

test('never throws for invalid options', () => {
  for (const wrong of [null, 0, 'a', [], { loki: null }, { loki: { resources: null } }])
    for (const props of [{}, { loki: 5 }, { loki: { caches: { chunks: 1 }, zones: 2 } }, { profile: 7, demo: 1 }])
      expect(() => found(wrong, props)).not.toThrow();
});

test('types have the names of components', () => {
  const pods: PodsOptions = { 'log-collector': { priorityClassName: 'system-node-critical' } };
  // @ts-expect-error an unknown component
  const unknown: PodsOptions = { promtail: {} };
  // @ts-expect-error an unknown setting
  const setting: LogAlertingProps['pods'] = { grafana: { replicas: 2 } };

  expect([pods, unknown, setting].map((each) => found(each).length)).toEqual([0, 1, 1]);
});
