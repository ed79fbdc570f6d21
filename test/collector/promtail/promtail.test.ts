import { stringify } from 'yaml';
import { Promtail } from '../../../lib/collector/promtail/promtail';
import { emptyChart, manifests } from '../../kubernetes/chart';
import { find } from '../../manifests/kubernetes';

test('runs on every node, including the control plane, with the files of the node', () => {
  const chart = emptyChart('log-collector');
  new Promtail(chart, { lokiUrl: 'http://loki:3100' });

  expect(stringify(find(manifests(chart), 'DaemonSet', 'promtail'))).toMatchSnapshot('DaemonSet');
});
