import { k8s } from 'cdk8s-plus-27';
import { type ContainerProps, httpProbe, type PodProps, podSpec } from '../../lib/kubernetes/pod';

const CONTAINER: ContainerProps = {
  name: 'shop',
  image: 'shop:1.2.3',
  resources: { cpu: '10m', memory: '20Mi', memoryLimit: '30Mi' },
};

/** Returns the pod as sent to the API server. */
const render = (props: PodProps) => JSON.parse(JSON.stringify(k8s.KubePod.manifest({ spec: podSpec(props) }).spec));

test('returns a hardened pod without credentials, with ephemeral storage for logs', () => {
  expect(render({ user: 1000, container: CONTAINER })).toEqual({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'shop',
        image: 'shop:1.2.3',
        imagePullPolicy: 'IfNotPresent',
        resources: {
          requests: { cpu: '10m', memory: '20Mi', 'ephemeral-storage': '100Mi' },
          limits: { memory: '30Mi', 'ephemeral-storage': '100Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  });
});

test('all props', () => {
  const pod = render({
    user: 1000,
    fsGroup: 2000,
    serviceAccountName: 'shop',
    terminationGracePeriodSeconds: 5,
    tolerations: [{ key: 'node', operator: 'Exists' }],
    volumes: [
      { name: 'data', emptyDir: { sizeLimit: k8s.Quantity.fromString('960Mi') } },
      { name: 'config', configMap: { name: 'shop' } },
    ],
    container: {
      ...CONTAINER,
      args: ['--verbose'],
      env: [{ name: 'A', value: 'b' }],
      ports: { http: 8080 },
      readinessProbe: httpProbe('/ready', 'http', { periodSeconds: 5 }),
      writable: { '/data': 'data' },
      readOnly: { '/etc/shop': 'config' },
    },
  });

  expect(pod).toMatchObject({
    automountServiceAccountToken: true,
    serviceAccountName: 'shop',
    securityContext: { fsGroup: 2000 },
    terminationGracePeriodSeconds: 5,
    tolerations: [{ key: 'node', operator: 'Exists' }],
    volumes: [{ name: 'data' }, { name: 'config', configMap: { name: 'shop' } }],
  });
  expect(pod.containers[0]).toMatchObject({
    args: ['--verbose'],
    env: [{ name: 'A', value: 'b' }],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'config', mountPath: '/etc/shop', readOnly: true },
    ],
    resources: { requests: { 'ephemeral-storage': '1060Mi' }, limits: { 'ephemeral-storage': '1060Mi' } },
  });
});

test('keeps all other restrictions for root, without changing the owner of volumes', () => {
  const { securityContext, containers } = render({ user: 0, container: CONTAINER });

  expect(securityContext).toEqual({
    runAsNonRoot: false,
    runAsUser: 0,
    runAsGroup: 0,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'] });
});

test('takes variables from every source, with quantities as text', () => {
  const env: ContainerProps['env'] = [
    { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'shop', key: 'token', optional: true } } },
    { name: 'SETTING', valueFrom: { configMapKeyRef: { name: 'shop', key: 'setting' } } },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
  ];

  const pod = render({ user: 1000, container: { ...CONTAINER, env } });

  const [secret, setting, ip, ...others] = env;
  expect(pod.containers[0].env).toEqual([
    secret,
    setting,
    { ...ip, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
    ...others,
  ]);
});
