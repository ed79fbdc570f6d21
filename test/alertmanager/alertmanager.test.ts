import { parse, stringify } from 'yaml';
import { Alertmanager, type AlertmanagerProps } from '../../lib/alertmanager/alertmanager';
import { stackAlertmanagerConfig } from '../../lib/alertmanager/stack-config';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, workloads } from '../manifests/kubernetes';

const config = stackAlertmanagerConfig({ slack: { webhookUrl: 'http://slack-inbox' } });

function alertmanager(props: Partial<AlertmanagerProps> = {}) {
  const chart = emptyChart();
  new Alertmanager(chart, { config, externalUrl: 'http://localhost:9093', ...props });
  return manifests(chart);
}

test('minimal props: configuration and templates in one ConfigMap, no Secret', () => {
  const all = alertmanager();
  const { data = {} } = find(all, 'ConfigMap', 'alertmanager-config');

  expect(Object.keys(data)).toEqual(['alertmanager.yml', 'slack.tmpl']);
  expect(parse(data['alertmanager.yml'] ?? '')).toEqual(JSON.parse(JSON.stringify(config)));
  expect(workloads(all)[0]?.spec.template.spec.volumes?.map(({ name }) => name)).toEqual(['config']);
});

test('all props: the Secret with the webhook is mounted as a file', () => {
  const all = alertmanager({ webhookSecret: 'slack-webhook', storageClassName: 'fast' });

  expect(stringify(find(all, 'StatefulSet', 'alertmanager').spec)).toMatchSnapshot('StatefulSet');
});

test('the template of the messages defines what the receivers use', () => {
  const template = find(alertmanager(), 'ConfigMap', 'alertmanager-config').data?.['slack.tmpl'] ?? '';
  const defined = [...template.matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
  const used = [...JSON.stringify(config.receivers).matchAll(/template \\"([^"\\]+)\\"/g)].map(([, name]) => name);

  expect(used.length).toBeGreaterThan(0);
  expect(defined).toEqual(expect.arrayContaining(used));
});
