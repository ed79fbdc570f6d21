import type { LogAlertingProps, PodsOptions } from '../../lib';
import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { EVERYTHING, PRODUCTION, PROPS } from '../manifests/synth';

const found = (pods: unknown, instead: object = {}) =>
  checkLogAlertingOptions({ ...PROPS, ...instead, pods }).map(formatMessage);

/** Settings of a component that every profile has. */
const grafana = (options: unknown) => found({ grafana: options });

test('every setting may be written', () => {
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
    'a number that is no quantity',
    { resources: { cpu: 'half' } },
    /resources.cpu': "half" is not a CPU quantity: .*250m$/,
  ],
  ['memory as CPU', { resources: { cpu: '1Gi' } }, /resources.cpu': "1Gi" is not a CPU quantity/],
  [
    'a wrong unit',
    { resources: { memoryLimit: '1GB' } },
    /option 'pods\.grafana\.resources\.memoryLimit': "1GB" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m/,
  ],
  [
    'thousandths of a byte',
    { resources: { memory: '300m' } },
    /memory': "300m" counts thousandths of a byte: write Mi/,
  ],
  [
    'no disk at all',
    { resources: { ephemeralStorage: '0' } },
    /option 'pods\.grafana\.resources\.ephemeralStorage': "0" is not a valid Kubernetes quantity: use e\.g\. 5Gi, 500Mi or 250m/,
  ],
  [
    'a request above the limit that stays',
    { resources: { memory: '1Gi' } },
    /option 'pods\.grafana\.resources\.memory': requests more memory \(1Gi\) than its limit \(512Mi\): raise memoryLimit, or lower memory/,
  ],
  [
    'a limit below the request that stays',
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
    'a value that any value stands for',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
    /tolerations.0.value': has no effect together with operator: 'Exists'.*: remove it, or use operator: 'Equal'/,
  ],
  ['a toleration without a key', { tolerations: [{ effect: 'NoSchedule' }] }, /tolerations.0.key': is missing: set/],
  ['a taint that is no key', { tolerations: [{ key: 'a b' }] }, /tolerations.0.key': "a b" is not a valid key/],
  [
    'seconds of a taint that evicts nothing',
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
    'an affinity to no value',
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
  ['a node label that is none', { nodeSelector: { 'a/b/c': 'd' } }, /nodeSelector.a\/b\/c': .* is not a valid key/],
  ['a label value with a blank', { podLabels: { team: 'a b' } }, /podLabels.team': "a b" is not a valid label value/],
  [
    'a label that is too long',
    { podLabels: { team: 'a'.repeat(64) } },
    /podLabels.team': "a+" is not a valid label value/,
  ],
  [
    "the selector's label",
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
    'an annotation that is no text',
    { podAnnotations: { a: true } },
    /option 'pods\.grafana\.podAnnotations\.a': expected string, got true/,
  ],
  [
    'a variable of its own',
    { env: [{ name: 'GF_PATHS_CONFIG', value: '/a' }] },
    /pods.grafana.env.0.name': "GF_PATHS_CONFIG" is set by the stack itself: use another name$/,
  ],
  [
    'a limit of Go',
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
    'a variable that is no name',
    { env: [{ name: 'A-B', value: '1' }] },
    /env.0.name': "A-B" is not a valid variable name/,
  ],
  ['a variable without a value', { env: [{ name: 'A' }] }, /env.0': requires exactly one of value and valueFrom$/],
  [
    'a password',
    { env: [{ name: 'GF_DATABASE_PASSWORD', value: 'geheim' }] },
    /env.0': contains a credential, .* use valueFrom: \{ secretKeyRef/,
  ],
  [
    'a password in a URL',
    { env: [{ name: 'HTTPS_PROXY', value: 'http://me:geheim@proxy' }] },
    /env.0': contains a credential/,
  ],
  [
    'a priority class that is no name',
    { priorityClassName: 'High Priority' },
    /option 'pods\.grafana\.priorityClassName': "High Priority" is not a valid name of a Kubernetes object: use a-z, 0-9, - and \., starting and ending with a letter or digit/,
  ],
])('is refused: %s', (_, options, message) => {
  const messages = grafana(options);

  expect(messages).toEqual([expect.stringMatching(message)]);
  expect(messages.join()).not.toContain('geheim');
});

const distributed = (pods: unknown, loki: object = {}) =>
  found(pods, { ...EVERYTHING, loki: { ...(EVERYTHING.loki as object), ...loki } });

test.each<[string, string[], RegExp]>([
  [
    'an unknown component',
    found({ graphana: {} }),
    /option 'pods\.graphana': is not an option: use one of loki, loki-distributor, loki-ingester, loki-query-frontend, loki-query-scheduler, loki-querier, loki-index-gateway, loki-compactor, loki-ruler, loki-gateway, loki-chunks-cache, loki-results-cache, log-collector, alertmanager, grafana, log-canary, webservice, http-client, slack-inbox; did you mean 'grafana'\?/,
  ],
  [
    "the collector by its program's name",
    found({ promtail: {} }),
    /pods.promtail': is the log collector, .*'log-collector'/,
  ],
  [
    'a target of a single Loki',
    found({ 'loki-querier': {} }),
    /pods.loki-querier': is only part of profile 'distributed', and the profile is 'demo': use 'loki', or change the profile$/,
  ],
  [
    'one Loki of several',
    distributed({ loki: {} }),
    /pods.loki': is several components with profile 'distributed': use 'loki-ingester', .* and the others$/,
  ],
  [
    'a cache that is not there',
    distributed({ 'loki-chunks-cache': {} }, { caches: {} }),
    /is not there: set loki.caches.chunks too, or remove it$/,
  ],
  ['the demo where there is none', found({ webservice: {} }, PRODUCTION), /pods.webservice': is part of the demo/],
  [
    'less memory than a replay needs',
    found({ loki: { resources: { memoryLimit: '300Mi' } } }),
    /option 'pods\.loki\.resources\.memoryLimit': is 300Mi, less than Loki and the replay of its write-ahead log needs: use 388Mi or more/,
  ],
  [
    'less memory than the replay of an ingester needs',
    distributed({ 'loki-ingester': { resources: { memory: '100Mi', memoryLimit: '300Mi' } } }),
    /pods.loki-ingester.resources.memoryLimit': is 300Mi, less than/,
  ],
  [
    'less memory than Loki takes',
    distributed({ 'loki-ruler': { resources: { memory: '100Mi', memoryLimit: '150Mi' } } }),
    /option 'pods\.loki-ruler\.resources\.memoryLimit': is 150Mi, less than Loki itself needs: use 173Mi or more/,
  ],
  [
    'less memory than a cache holds',
    distributed({ 'loki-chunks-cache': { resources: { memory: '1Gi', memoryLimit: '1Gi' } } }),
    /option 'pods\.loki-chunks-cache\.resources\.memoryLimit': is 1Gi, less than a cache of loki\.caches\.chunks\.memory needs: use 1229Mi or more/,
  ],
  [
    'a zone of ingesters that have theirs',
    distributed({ 'loki-ingester': { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } }),
    /nodeSelector.topology.kubernetes.io\/zone': is set by the option 'loki.zones'/,
  ],
  [
    'the priority class in two places',
    found({ grafana: { priorityClassName: 'high' } }, { priorityClassName: 'high' }),
    /option 'pods\.grafana\.priorityClassName': is already set by the option 'priorityClassName': remove one of the two/,
  ],
])('is refused: %s', (_, messages, message) => {
  expect(messages).toEqual([expect.stringMatching(message)]);
});

test('all of it is found at once', () => {
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

test('whatever is wrong elsewhere, nothing is thrown', () => {
  for (const wrong of [null, 0, 'a', [], { loki: null }, { loki: { resources: null } }])
    for (const props of [{}, { loki: 5 }, { loki: { caches: { chunks: 1 }, zones: 2 } }, { profile: 7, demo: 1 }])
      expect(() => found(wrong, props)).not.toThrow();
});

test('ports of the Kubernetes API', () => {
  const ports = (kubernetesApiPorts: unknown, instead: object = {}) =>
    found(undefined, { kubernetesApiPorts, ...instead });

  expect(ports([6443])).toEqual([]);
  expect(ports([])).toEqual([expect.stringMatching(/^option 'kubernetesApiPorts': is empty/)]);
  expect(ports([443, 70_000])).toEqual([expect.stringMatching(/kubernetesApiPorts.1': 70000 is not a TCP port/)]);
  expect(ports([443, 443])).toEqual([expect.stringMatching(/kubernetesApiPorts': names a port twice/)]);
  expect(ports([443], { networkPolicies: false })).toEqual([
    expect.stringMatching(/kubernetesApiPorts': has no effect together with networkPolicies: false/),
  ]);
});

test('types know the names of components', () => {
  const pods: PodsOptions = { 'log-collector': { priorityClassName: 'system-node-critical' } };
  // @ts-expect-error there is no such component
  const unknown: PodsOptions = { promtail: {} };
  // @ts-expect-error there is no such setting
  const setting: LogAlertingProps['pods'] = { grafana: { replicas: 2 } };

  expect([pods, unknown, setting].map((each) => found(each).length)).toEqual([0, 1, 1]);
});
