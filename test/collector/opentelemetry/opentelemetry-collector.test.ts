import { stringify } from 'yaml';
import { OpenTelemetryCollector } from '../../../lib/collector/opentelemetry/opentelemetry-collector';
import { emptyChart, manifests } from '../../kubernetes/chart';
import { find } from '../../manifests/kubernetes';

const chart = emptyChart('log-collector');
new OpenTelemetryCollector(chart, { lokiUrl: 'http://loki:3100' });
const all = manifests(chart);

test('runs on every node, including the control plane, with the files of the node', () => {
  expect(stringify(find(all, 'DaemonSet', 'otel-log-collector'))).toMatchSnapshot('DaemonSet');
});

test('config.yaml', () => {
  expect(find(all, 'ConfigMap', 'otel-log-collector-config').data?.['config.yaml']).toMatchSnapshot();
});
