import { stringify } from 'yaml';
import { Promtail } from '../../../lib/collector/promtail/promtail';
import { emptyChart, manifests } from '../../kubernetes/chart';
import { find } from '../../manifests/kubernetes';

test('on every node, the control plane too, with the files of the node', () => {
  const chart = emptyChart('log-collector');
  new Promtail(chart, { lokiUrl: 'http://loki:3100' });

  expect(stringify(find(manifests(chart), 'DaemonSet', 'promtail'))).toMatchSnapshot('DaemonSet');
});
