import { RE2JS } from 're2js';
import { journalScrape } from '../../../lib/collector/promtail/journal';
import { Promtail } from '../../../lib/collector/promtail/promtail';
import { emptyChart, manifests } from '../../kubernetes/chart';
import { workloads } from '../../manifests/kubernetes';

/** Returns the labels of an entry of the journal, relabeled like Prometheus. */
function labelsOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  const { journal, relabel_configs } = journalScrape();
  const labels: Record<string, string> = { ...journal.labels };
  const all: Record<string, string> = { ...fields };
  for (const { source_labels, regex = '(.*)', separator = ';', target_label } of relabel_configs) {
    const value = source_labels.map((name) => all[name] ?? labels[name] ?? '').join(separator);
    const matcher = RE2JS.compile(`^(?:${regex})$`).matcher(value);
    if (matcher.find()) labels[target_label] = matcher.group(1) ?? '';
  }
  return labels;
}

test.each([
  ['kubelet.service', 'kubelet', 'kubelet'],
  ['getty@tty1.service', 'agetty', 'getty'],
  ['user@1000.service', 'systemd', 'user'],
  ['session-12.scope', 'sshd', 'sshd'],
  ['init.scope', 'systemd', 'systemd'],
  ['', 'kernel', 'kernel'],
  ['', '(systemd)', 'systemd'],
  ['', '/usr/bin/x y', 'other'],
  ['', '', 'other'],
])('unit %j and program %j are the app %s', (unit, program, app) => {
  const fields = {
    __journal__systemd_unit: unit,
    __journal_syslog_identifier: program,
    __journal__hostname: 'node-1',
  };

  expect(labelsOf(fields)).toEqual({ namespace: 'journal', app, job: `journal/${app}`, node_name: 'node-1' });
});

test('redacts and drops, but joins no lines', () => {
  const { pipeline_stages } = journalScrape({
    multiline: [{ preset: 'go' }],
    drop: [{ pattern: 'a' }],
    redact: [{ preset: 'emails' }],
  });

  expect(pipeline_stages.flatMap(Object.keys)).toEqual(['drop', 'match']);
});

test('mounts the journal and the id of the machine, read-only', () => {
  const chart = emptyChart();
  new Promtail(chart, { lokiUrl: 'http://loki:3100', journald: true });
  const [daemonSet] = workloads(manifests(chart));
  const { containers = [], volumes = [] } = daemonSet?.spec.template.spec ?? {};
  const paths = ['/var/log', '/run/log/journal', '/etc/machine-id'];

  expect(volumes.map(({ hostPath }) => (hostPath as { path?: string } | undefined)?.path)).toEqual(
    expect.arrayContaining(paths),
  );
  expect(containers[0]?.volumeMounts).toEqual(
    expect.arrayContaining(paths.map((mountPath) => expect.objectContaining({ mountPath, readOnly: true }))),
  );
});
