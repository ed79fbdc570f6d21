import { type Manifest, nameOf, workloads } from './kubernetes';
import { EXTERNAL_NAMESPACE, everyApp, everyAppParsed, type Files } from './synth';

const CLUSTER_SCOPED = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

const CREDENTIALS = [
  /hooks\.slack(-gov)?\.com/,
  // Tokens of Slack, AWS, GitHub and Grafana, and private keys.
  /\bxox[a-z]-|\bAKIA[0-9A-Z]{16}|\bgh[pousr]_\w{20}|\bgl(sa|c)_\w{20}|PRIVATE KEY/,
  // An inline password or token.
  /(password|secret|token|credentials)["']?\s*[=:]\s*["']?(?!\$__file)\w{6,}/i,
  // User and password in a URL.
  /:\/\/[^\s/"']+:[^\s/"']+@/,
];

const texts = new Map(everyApp());

describe.each(everyAppParsed())('every object of %s', (app, files) => {
  const all = Object.values(files).flat();

  test('is in the file of its namespace, after the Namespace itself', () => {
    for (const [file, inside] of Object.entries(files)) {
      if (file === `${EXTERNAL_NAMESPACE}.k8s.yaml`) {
        // The namespace of an external Loki is not part of the app.
        expect(new Set(inside.map(({ kind, metadata }) => `${kind} ${metadata.namespace}`))).toEqual(
          new Set([`ConfigMap ${EXTERNAL_NAMESPACE}`]),
        );
        continue;
      }
      const [namespace] = inside;
      expect({ file, kind: namespace?.kind }).toEqual({
        file: `${namespace?.metadata.name}.k8s.yaml`,
        kind: 'Namespace',
      });
      for (const object of inside) {
        const expected = CLUSTER_SCOPED.includes(object.kind) ? undefined : namespace?.metadata.name;
        expect({ name: nameOf(object), namespace: object.metadata.namespace }).toEqual({
          name: nameOf(object),
          namespace: expected,
        });
      }
    }
  });

  test('runs under Pod Security restricted, except for pods that mount folders of the node', () => {
    const usesNode = (namespace: Manifest) =>
      workloads(all).some(
        ({ metadata, spec }) =>
          metadata.namespace === namespace.metadata.name &&
          spec.template.spec.volumes?.some(({ hostPath }) => hostPath),
      );

    for (const namespace of all.filter(({ kind }) => kind === 'Namespace')) {
      const level = usesNode(namespace) ? 'privileged' : 'restricted';
      expect(namespace.metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/audit': level,
        'pod-security.kubernetes.io/warn': level,
      });
    }
  });

  test('has a unique kind and name', () => {
    const names = all.map(nameOf);
    expect(names).toEqual([...new Set(names)]);
  });

  test('has the labels of the stack', () => {
    for (const { metadata } of all) {
      expect(metadata).toHaveProperty(['labels', 'app.kubernetes.io/part-of'], 'log-alerting');
    }
  });

  test('has a component label if it belongs to a component', () => {
    const ofComponents = all.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.name !== 'default-deny');
    for (const object of ofComponents) {
      const labels = {
        'app.kubernetes.io/name': expect.any(String),
        'app.kubernetes.io/instance': 'log-alerting',
        'app.kubernetes.io/component': expect.any(String),
        'app.kubernetes.io/part-of': 'log-alerting',
        'app.kubernetes.io/managed-by': 'cdk8s',
        ...(WORKLOADS.includes(object.kind) ? { 'app.kubernetes.io/version': expect.any(String) } : {}),
      };
      // Prometheus may require further ones, and so does the rollout-operator for ingesters in zones.
      const further =
        object.apiVersion.startsWith('monitoring.coreos.com/') ||
        object.metadata.labels?.['rollout-group'] ||
        object.metadata.labels?.grafana_dashboard ||
        object.metadata.namespace === EXTERNAL_NAMESPACE;
      expect({ object: nameOf(object), labels: object.metadata.labels }).toEqual({
        object: nameOf(object),
        labels: further ? expect.objectContaining(labels) : labels,
      });
    }
  });

  test('is small enough for kubectl apply, whose annotation is limited to 256 KiB', () => {
    expect(all.filter((object) => JSON.stringify(object).length > 200 * 1024).map(nameOf)).toEqual([]);
  });

  test('contains no credentials', () => {
    const lines = Object.values(texts.get(app) as Files).flatMap((text) => text.split('\n'));

    expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(lines.filter((line) => CREDENTIALS.some((pattern) => pattern.test(line)))).toEqual([]);
  });
});
