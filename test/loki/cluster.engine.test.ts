import {
  localAlertmanagerConfig,
  localLokiConfig,
  localLokiFiles,
  localTemplates,
} from '../../lib/demo-run/local-configs';
import { LokiClient, startAlertmanager, startLoki } from '../../lib/engines';
import { startWebhookSink } from '../../lib/engines/webhook-sink';
import { synthObjects } from '../manifests/synth';

const RULES = [
  {
    name: 'lines.yaml',
    groups: [
      {
        name: 'lines',
        rules: [
          {
            alert: 'Lines',
            // Without the label: a grouping drops it.
            expr: 'sum by (namespace, app) (count_over_time({job=~".+"}[5m])) > 0',
            labels: { severity: 'warning' },
          },
        ],
      },
    ],
  },
];

test('every alert has the label of the cluster, and the message shows it', async () => {
  const slack = await startWebhookSink();
  const manifests = synthObjects({
    cluster: 'prod-eu',
    rules: RULES,
    rateAlert: undefined,
    heartbeat: undefined,
    loki: { evaluationInterval: '1s' },
  });
  const alertmanager = await startAlertmanager(({ dir }) => localAlertmanagerConfig(manifests, dir, slack.url), {
    files: localTemplates(manifests),
  });
  const loki = await startLoki(({ dir }) => localLokiConfig(manifests, dir, alertmanager.url), {
    files: localLokiFiles(manifests),
  });
  try {
    const labels = { namespace: 'mall', app: 'shop', job: 'mall/shop', cluster: 'prod-eu' };
    await new LokiClient(loki.url).push([{ labels, entries: [[BigInt(Date.now()) * 1_000_000n, 'a line']] }]);
    const { body } = await slack.waitFor(() => true, 30_000);
    const alerts = await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json();

    expect(alerts).toEqual([
      expect.objectContaining({
        labels: { alertname: 'Lines', namespace: 'mall', app: 'shop', severity: 'warning', cluster: 'prod-eu' },
      }),
    ]);
    const [message] = JSON.parse(body).attachments;
    expect(message.title).toBe(':fire: [FIRING] prod-eu: Lines');
    expect(message.text).toContain('*cluster:* `prod-eu`');
  } finally {
    await loki.stop();
    await alertmanager.stop();
    await slack.close();
  }
});
