import { configData } from '../../lib/kubernetes-objects/dist';
import { containers, find, type Manifest, workloads } from './kubernetes';
import { PRODUCTION, synthObjects } from './synth';

const INGRESS = { host: 'logs.example.com', namespace: 'traefik', tlsSecret: 'logs-tls' };

/** Returns the ingress rules of a policy for namespaces outside the stack. */
function outsideIngress(namespace: string, name: string, all: readonly Manifest[]): unknown[] {
  const { spec } = find(all, 'NetworkPolicy', name) as { spec?: { ingress?: { from: unknown[]; ports: unknown }[] } };
  const peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
  return (spec?.ingress ?? [])
    .filter(({ from }) => JSON.stringify(from) === JSON.stringify([peer]))
    .map(({ ports }) => ports);
}

describe('Grafana behind an Ingress', () => {
  const grafana = { adminSecret: 'grafana-admin', ingress: INGRESS };
  const all = synthObjects({ ...PRODUCTION, grafanaUrl: undefined, grafana });

  test('has its host in its config and in links of alerts', () => {
    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('root_url = https://logs.example.com\n');
    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('cookie_secure = true');
    expect(configData(all, 'loki-config')['config.yaml']).toContain('external_url: https://logs.example.com\n');
  });

  test('only allows connections of the controller from outside', () => {
    expect(outsideIngress('traefik', 'grafana', all)).toEqual([[{ port: 3000, protocol: 'TCP' }]]);
  });

  test('has the URL of the option instead', () => {
    const named = synthObjects({ ...PRODUCTION, grafanaUrl: 'https://logs.example.com:8443', grafana });

    expect(configData(named, 'grafana-config')['grafana.ini']).toContain('root_url = https://logs.example.com:8443\n');
  });
});

describe('behind a Gateway', () => {
  const parentRef = { name: 'web', namespace: 'gateways', sectionName: 'https' };
  const gateway = { host: 'logs.example.com', namespace: 'envoy-gateway-system', parentRef };

  test("Grafana has its host, and allows connections of the Gateway's pods", () => {
    const all = synthObjects({
      ...PRODUCTION,
      grafanaUrl: undefined,
      grafana: { adminSecret: 'grafana-admin', gateway },
    });

    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('root_url = https://logs.example.com\n');
    expect(outsideIngress('envoy-gateway-system', 'grafana', all)).toEqual([[{ port: 3000, protocol: 'TCP' }]]);
    expect(all.filter(({ kind, metadata }) => kind === 'Ingress' && metadata.name === 'grafana')).toEqual([]);
    expect(find(all, 'HTTPRoute', 'grafana').spec).toEqual({
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', ...parentRef }],
      hostnames: ['logs.example.com'],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name: 'grafana', port: 3000, weight: 1 }],
        },
      ],
    });
  });

  test('a program may also be behind an Ingress, for a migration', () => {
    const grafana = { adminSecret: 'grafana-admin', gateway, ingress: { ...INGRESS, host: 'old.example.com' } };
    const all = synthObjects({ ...PRODUCTION, grafanaUrl: undefined, grafana });

    expect(configData(all, 'grafana-config')['grafana.ini']).toContain('root_url = https://old.example.com\n');
    for (const namespace of ['traefik', 'envoy-gateway-system']) {
      expect(outsideIngress(namespace, 'grafana', all)).toHaveLength(1);
    }
  });
});

describe('Alertmanager behind an Ingress', () => {
  const alertmanager = { basicAuthSecret: 'alertmanager-auth', ingress: INGRESS };
  const monitoring = { namespace: 'monitoring' };
  const all = synthObjects({ ...PRODUCTION, alertmanagerUrl: undefined, alertmanager, monitoring });
  const pod = (name: string, among = all) => {
    const [workload] = workloads(among).filter(({ metadata }) => metadata.name === name);
    if (workload === undefined) throw new Error(`no ${name}`);
    const [container] = containers(workload);
    return { ...container, secrets: workload.spec.template.spec.volumes?.flatMap(({ secret }) => secret ?? []) };
  };
  const env = ['username', 'password'].map((key) => ({
    name: `ALERTMANAGER_${key.toUpperCase()}`,
    valueFrom: { secretKeyRef: { name: 'alertmanager-auth', key } },
  }));

  test('has its host, allows connections of the controller, and requires a password', () => {
    expect(pod('alertmanager').args).toEqual(
      expect.arrayContaining([
        '--web.external-url=https://logs.example.com',
        '--web.config.file=/etc/alertmanager-web/web.yml',
      ]),
    );
    expect(pod('alertmanager').secrets).toContainEqual({
      secretName: 'alertmanager-auth',
      items: [{ key: 'web.yml', path: 'web.yml' }],
    });
    expect(outsideIngress('traefik', 'alertmanager', all)).toEqual([[{ port: 9093, protocol: 'TCP' }]]);
  });

  test('has probes without a password', () => {
    const tcp = { tcpSocket: { port: 'http' } };

    expect(pod('alertmanager').readinessProbe).toMatchObject(tcp);
    expect(pod('alertmanager').livenessProbe).toMatchObject(tcp);
  });

  test('receives the password from Loki, from the environment', () => {
    expect(configData(all, 'loki-config')['config.yaml']).toContain(
      'basic_auth_username: ${ALERTMANAGER_USERNAME}\n    basic_auth_password: ${ALERTMANAGER_PASSWORD}\n',
    );
    expect(pod('loki')).toMatchObject({
      args: expect.arrayContaining(['-config.expand-env=true']),
      env: expect.arrayContaining(env),
    });
  });

  test('receives the password from the ruler of a distributed Loki, the only target that has it', () => {
    const objectStorage = { endpoint: 'https://s3.example.com', region: 'a', bucket: 'logs', credentialsSecret: 'a' };
    const distributed = synthObjects({ ...PRODUCTION, profile: 'distributed', alertmanager, loki: { objectStorage } });
    const withPassword = workloads(distributed).filter((workload) =>
      containers(workload).some((container) => container.env?.some(({ name }) => name === 'ALERTMANAGER_PASSWORD')),
    );

    expect(withPassword.map(({ metadata }) => metadata.name)).toEqual(['loki-ruler']);
    expect(pod('loki-ruler', distributed).env).toEqual(expect.arrayContaining(env));
  });

  test('receives the password from Grafana, from files', () => {
    const datasources = configData(all, 'grafana-config')['datasources.yaml'];

    expect(datasources).toContain('basicAuthUser: $__file{/etc/grafana/alertmanager/username}');
    expect(datasources).toContain('basicAuthPassword: $__file{/etc/grafana/alertmanager/password}');
    expect(pod('grafana').volumeMounts).toContainEqual({
      name: 'alertmanager-auth',
      mountPath: '/etc/grafana/alertmanager',
      readOnly: true,
    });
    expect(pod('grafana').secrets).toContainEqual({
      secretName: 'alertmanager-auth',
      items: ['username', 'password'].map((key) => ({ key, path: key })),
    });
  });

  test('receives the password from Prometheus, and nothing else does', () => {
    const basicAuth = {
      username: { name: 'alertmanager-auth', key: 'username' },
      password: { name: 'alertmanager-auth', key: 'password' },
    };

    expect(find(all, 'ServiceMonitor', 'alertmanager').spec).toMatchObject({
      endpoints: [{ port: 'http', basicAuth }],
    });
    expect(find(all, 'ServiceMonitor', 'grafana').spec).toMatchObject({ endpoints: [{ port: 'http' }] });
    expect(JSON.stringify(find(all, 'ServiceMonitor', 'grafana'))).not.toContain('basicAuth');
  });

  test('has no part of the password without the option', () => {
    expect(JSON.stringify(synthObjects({ ...PRODUCTION, alertmanager: {} }))).not.toMatch(
      /basic_?auth|expand-env|web\.yml/i,
    );
  });
});
