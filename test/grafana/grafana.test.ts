import { stringify } from 'yaml';
import { Grafana, type GrafanaProps } from '../../lib/grafana/grafana';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, workloads } from '../manifests/kubernetes';

const PROPS: GrafanaProps = {
  lokiUrl: 'http://loki:3100',
  alertmanagerUrl: 'http://alertmanager:9093',
  rootUrl: 'http://localhost:3000',
  dashboards: { 'a.json': { title: 'A' } },
};

function grafana(props: Partial<GrafanaProps> = {}) {
  const chart = emptyChart();
  new Grafana(chart, { ...PROPS, ...props });
  return manifests(chart);
}

test('minimal props: anonymous access, without a Secret', () => {
  const all = grafana();

  expect(find(all, 'ConfigMap', 'grafana-config').data?.['grafana.ini']).toMatch(/\[auth\.anonymous\]\nenabled = true/);
  expect(workloads(all)[0]?.spec.template.spec.volumes?.filter(({ secret }) => secret)).toEqual([]);
});

test('adminSecret: the administrator comes from a Secret', () => {
  const all = grafana({ adminSecret: 'grafana-admin' });

  expect(find(all, 'ConfigMap', 'grafana-config').data?.['grafana.ini']).not.toMatch(/anonymous/);
  expect(stringify(find(all, 'Deployment', 'grafana').spec)).toMatchSnapshot('Deployment');
});

test('each dashboard is a file, and a change rolls Grafana out', () => {
  const checksum = (props: Partial<GrafanaProps>) => workloads(grafana(props))[0]?.spec.template.metadata.annotations;

  expect(find(grafana(), 'ConfigMap', 'grafana-dashboards').data).toEqual({ 'a.json': '{\n  "title": "A"\n}\n' });
  expect(checksum({ dashboards: { 'a.json': { title: 'B' } } })).not.toEqual(checksum({}));
});
