import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { LogAlerting, type LogAlertingProps } from '../../lib';
import { find } from '../manifests/kubernetes';
import { EVERYTHING, objects, PROPS, parse, readFolder, type SomeProps } from '../manifests/synth';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'handles-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

/** Returns the files of an app with a stack, which some code changes. */
function synth(change: (stack: LogAlerting, app: App) => void, props: SomeProps = {}) {
  const app = new App({ outdir });
  change(stackIn(app, props), app);
  app.synth();
  return readFolder(outdir);
}

function stackIn(app: App, props: SomeProps = {}): LogAlerting {
  return new LogAlerting(app, 'log-alerting', { ...PROPS, ...props } as LogAlertingProps);
}

const configMap = (chart: Chart, name: string) =>
  new ApiObject(chart, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

describe('patches', () => {
  const PATCH = JsonPatch.add('/metadata/annotations', { patched: 'true' });
  const patchedOf = (files: Record<string, string>) =>
    objects(files)
      .filter(({ metadata }) => metadata.annotations?.patched === 'true')
      .map(({ kind, metadata }) => `${metadata.namespace}/${kind}/${metadata.name}`);

  test('apply to the workload of each part, as returned by ApiObject.of', () => {
    const files = synth(({ loki, alertmanager, grafana, collector }) => {
      // The types of the handles must be those of constructs.
      for (const part of [loki, alertmanager, grafana, collector]) ApiObject.of(part).addJsonPatch(PATCH);
    });

    expect(patchedOf(files)).toEqual([
      'log-collector/DaemonSet/promtail',
      'logging/StatefulSet/alertmanager',
      'logging/StatefulSet/loki',
      'logging/Deployment/grafana',
    ]);
  });

  test('apply to any object by its kind, also to those that are added for other options', () => {
    const files = synth(({ loki, grafana, collector }) => {
      for (const object of [
        loki.object('StatefulSet', 'loki-compactor'),
        loki.object('ConfigMap', 'loki-config'),
        grafana.object('Ingress'),
        collector.object('NetworkPolicy'),
        collector.object('PodMonitor'),
      ])
        object.addJsonPatch(PATCH);
    }, EVERYTHING);

    expect(patchedOf(files).sort()).toEqual([
      'log-agents/NetworkPolicy/otel-log-collector',
      'log-agents/PodMonitor/otel-log-collector',
      'observability/ConfigMap/loki-config',
      'observability/Ingress/grafana',
      'observability/StatefulSet/loki-compactor',
    ]);
  });

  test.each<[string, SomeProps]>([
    ['the demo', {}],
    ['a distributed Loki', EVERYTHING],
  ])('of every object of %s keep fields that are newer than the types, and plain values', (_, props) => {
    const app = new App({ outdir });
    stackIn(app, props);
    const all = app.node.findAll().filter((each) => each instanceof ApiObject);
    const value = { newer: true, port: 8080, quantity: '10%' };
    for (const object of all) object.addJsonPatch(JsonPatch.add('/spec', { ...object.toJson().spec, value }));

    expect(all.length).toBeGreaterThan(20);
    for (const object of all) expect(object.toJson()).toMatchObject({ spec: { value } });
  });

  test('name the available objects if none or several match', () => {
    const { grafana, loki } = stackIn(new App({ outdir }));

    expect(() => grafana.object('Ingress')).toThrow(
      "'logging/grafana' has no Ingress: use one of ConfigMap 'grafana-config', ConfigMap 'grafana-dashboards', Service 'grafana'",
    );
    expect(() => loki.object('ConfigMap')).toThrow(
      "'logging/loki' has several objects of kind ConfigMap: give the name too, one of ConfigMap 'loki-config', ConfigMap 'loki-rules-0'",
    );
    expect(() => loki.object('ConfigMap', 'loki')).toThrow("'logging/loki' has no ConfigMap 'loki': use one of");
  });
});

test('addresses are texts', () => {
  const { loki, alertmanager, grafana, collector } = stackIn(new App({ outdir }));

  expect([loki.pushUrl, loki.queryUrl]).toEqual(['http://loki.logging.svc:3100', 'http://loki.logging.svc:3100']);
  expect(alertmanager.urls).toEqual(['http://alertmanager.logging.svc:9093']);
  expect([grafana.url('http'), grafana.address('http')]).toEqual([
    'http://grafana.logging.svc:3000',
    'grafana.logging.svc:3000',
  ]);
  expect([collector.namespace, collector.ports]).toEqual(['log-collector', { http: 3101 }]);
});

test('addresses of a distributed Loki are those of distributors and the gateway', () => {
  const { loki, alertmanager } = stackIn(new App({ outdir }), EVERYTHING);

  expect([loki.pushUrl, loki.queryUrl]).toEqual([
    'http://loki-distributor.observability.svc:3100',
    'http://loki-gateway.observability.svc:8080',
  ]);
  expect(alertmanager.urls).toHaveLength(3);
  expect(loki.components.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['loki-ingester-a', 'loki-gateway', 'loki-chunks-cache']),
  );
});

test('objects can be added to the charts, and are in their files and namespaces', () => {
  const files = synth(({ charts }) => {
    configMap(charts.logging, 'own');
  });

  expect(find(parse(files['logging.k8s.yaml'] ?? ''), 'ConfigMap', 'own').metadata.namespace).toBe('logging');
});

describe('dependencies', () => {
  const STACK = ['demo', 'log-collector', 'logging'];
  const numbered = (names: readonly string[]) => names.map((name, i) => `000${i}-${name}.k8s.yaml`);

  test('files have no numbers without any', () => {
    expect(Object.keys(synth(() => {}))).toEqual(STACK.map((name) => `${name}.k8s.yaml`));
  });

  test('a chart that depends on the stack is applied after all of its charts', () => {
    const files = synth((stack, app) => {
      const chart = new Chart(app, 'a-first-by-name');
      configMap(chart, 'own');
      chart.addDependency(stack);
    });

    expect(Object.keys(files).sort()).toEqual(numbered(['demo', 'logging', 'log-collector', 'a-first-by-name']));
  });

  test('a chart that the stack depends on is applied before all of its charts', () => {
    const files = synth((stack, app) => {
      const chart = new Chart(app, 'z-last-by-name');
      configMap(chart, 'own');
      stack.node.addDependency(chart);
    });

    expect(Object.keys(files).sort()).toEqual(numbered(['z-last-by-name', 'demo', 'logging', 'log-collector']));
  });

  test('of two stacks: one is applied after the other', () => {
    const files = synth((stack, app) => {
      const namespaces = { logging: 'a-logging', logCollector: 'a-log-collector', demo: 'a-demo' };
      new LogAlerting(app, 'a', { ...PROPS, namespaces } as LogAlertingProps).node.addDependency(stack);
    });

    expect(Object.keys(files).sort()).toEqual(
      numbered(['demo', 'logging', 'log-collector', 'a-demo', 'a-logging', 'a-log-collector']),
    );
  });

  test.each<[string, SomeProps, string]>([
    ['a single Loki', {}, 'loki'],
    ['all programs of a distributed Loki', EVERYTHING, 'loki-querier'],
  ])('a chart that depends on %s is applied after its chart', (_, props, name) => {
    const files = synth((stack, app) => {
      const chart = new Chart(app, 'a-first-by-name');
      configMap(chart, 'own');
      chart.addDependency(stack.loki);
    }, props);

    const order = Object.keys(files).sort();
    const fileOfLoki = order.findIndex((file) =>
      parse(files[file] ?? '').some(({ kind, metadata }) => kind === 'Service' && metadata.name === name),
    );
    expect(fileOfLoki).toBeLessThan(order.findIndex((file) => file.endsWith('a-first-by-name.k8s.yaml')));
  });

  test.each<[string, SomeProps]>([
    ['a single Loki', {}],
    ['a distributed Loki', EVERYTHING],
  ])('every object of %s comes after an object in its chart that it depends on', (_, props) => {
    const files = synth(({ charts, loki }) => {
      loki.node.addDependency(configMap(charts.logging, 'needed'));
    }, props);

    const names = objects(files).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const ofLoki = names.filter((name) => / loki(-(?!rules|runtime).*)?$/.test(name));
    expect(ofLoki.length).toBeGreaterThan(2);
    for (const name of ofLoki) expect(names.indexOf(name)).toBeGreaterThan(names.indexOf('ConfigMap needed'));
    expect(names.filter((name) => name.startsWith('Namespace'))).toEqual(
      objects(files)
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => `Namespace ${metadata.name}`),
    );
    for (const text of Object.values(files)) expect(parse(text)[0]?.kind).toBe('Namespace');
  });
});

describe('of an invalid stack', () => {
  const WRONG = { grafanaUrl: 'nowhere', severities: 'all' } as unknown as SomeProps;
  const FINDINGS =
    /^Validation failed with the following errors:\n {2}\[log-alerting\] error: option 'grafanaUrl'.*\n.*'severities'/s;

  test.each<[string, (stack: LogAlerting) => unknown]>([
    ['loki', ({ loki }) => loki.pushUrl],
    ['alertmanager', ({ alertmanager }) => alertmanager.urls],
    ['grafana', ({ grafana }) => ApiObject.of(grafana)],
    ['collector', ({ collector }) => collector.object('DaemonSet')],
    ['charts', ({ charts }) => configMap(charts.logging, 'own')],
  ])('%s reports the findings as the synthesis does', (_, use) => {
    const app = new App({ outdir });
    const stack = stackIn(app, WRONG);

    expect(() => use(stack)).toThrow(FINDINGS);
    expect(() => app.synth()).toThrow(FINDINGS);
    expect(messageOf(() => use(stack))).toBe(messageOf(() => app.synth()));
  });

  test.each<[string, unknown]>([
    ['no options', undefined],
    ['a text', 'nonsense'],
    ['null', null],
  ])('%s: properties report the findings too', (_, props) => {
    const stack = new LogAlerting(new App({ outdir }), 'log-alerting', props as LogAlertingProps);

    expect(() => stack.loki).toThrow('Validation failed');
  });

  test('dependencies on it are ignored, so that the synthesis reports the findings', () => {
    const app = new App({ outdir });
    const stack = stackIn(app, WRONG);
    new Chart(app, 'a').addDependency(stack);
    stack.node.addDependency(new Chart(app, 'b'));

    expect(() => app.synth()).toThrow(FINDINGS);
  });

  function messageOf(call: () => unknown): string {
    try {
      call();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('does not throw');
  }
});

test("a chart of the user's own may have the stack's namespace", () => {
  const namespaces = { logging: 'other', logCollector: 'other-log-collector', demo: 'other-demo' };

  const files = synth((_, app) => {
    configMap(new Chart(app, 'secrets', { namespace: 'other' }), 'own');
    new LogAlerting(app, 'other-stack', { ...PROPS, namespaces } as LogAlertingProps);
  });

  expect(Object.keys(files)).toEqual(expect.arrayContaining(['other.k8s.yaml', 'secrets.k8s.yaml']));
});
