// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that Alertmanager does not replace.
import { startAlertmanager, startWebhookSink } from '../../../lib/engines';

test('Alertmanager sends variables as they are written', async () => {
  const sink = await startWebhookSink();
  const texts = ['${PATH}', '$PATH', '__PATH__', '%PATH%', '$(PATH)'];
  const alertmanager = await startAlertmanager({
    route: { receiver: 'r', group_wait: '0s' },
    receivers: [{ name: 'r', slack_configs: [{ api_url: sink.url, channel: '${PATH}', text: texts.join(' ') }] }],
  });
  try {
    await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname: 'Down' } }]),
    });
    const { body } = await sink.waitFor(() => true, 10_000);

    expect(JSON.parse(body)).toMatchObject({ channel: '${PATH}', attachments: [{ text: texts.join(' ') }] });
  } finally {
    await alertmanager.stop();
    await sink.close();
  }
});
