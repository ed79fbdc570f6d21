import { parse } from '../manifests/synth';
import { runExample } from './run-example';
import { publicApi } from './symbols';

const { symbols, complete } = publicApi();

/** Examples of constructs are whole apps. */
const APPS = symbols.flatMap(({ name, tags }): [string, string][] => {
  const example = tags.get('example');
  return example?.includes('app.synth()') ? [[name, example]] : [];
});

const PARTS = ['Alertmanager', 'DistributedLoki', 'Grafana', 'Loki', 'OpenTelemetryCollector', 'Program', 'Promtail'];

test('every part has an app as its example', () => {
  expect(APPS.map(([name]) => name)).toEqual(expect.arrayContaining(['LogAlerting', ...PARTS]));
});

test.each(APPS)('the example of %s writes its objects', (name, code) => {
  const files = runExample(complete(code));

  const objects = Object.values(files).flatMap(parse);
  if (name === 'LokiRules') {
    // For a namespace and a Loki that exist.
    expect(objects.map(({ kind }) => kind)).toEqual(['ConfigMap']);
    return;
  }
  expect(objects.filter(({ kind }) => kind === 'Namespace').length).toBeGreaterThan(0);
  expect(
    objects.filter(({ kind }) => ['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind)).length,
  ).toBeGreaterThan(name === 'LogAlerting' || name === 'DistributedLoki' ? 3 : 0);
});
