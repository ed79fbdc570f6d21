import { gotifyReceiver } from '../../lib/alertmanager/gotify';
import { LINES_TEMPLATE, slackReceiver, withSlackTemplate } from '../../lib/alertmanager/slack';
import { relocate } from '../../lib/demo-run/local-configs';
import {
  findEngine,
  type RunningEngine,
  run,
  startAlertmanager,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';
import { withFiles } from './amtool';

const SAMPLES = '12× <b>order</b> & [link](http://evil) `tick` # not paid\n3× *bold* <!channel>\n';

/** Annotation of an alert whose query fails. */
const FAILED = '<error expanding template: error executing template __alert_A: rule evaluation failed>';

let sink: WebhookSink;
let alertmanager: RunningEngine;

beforeAll(async () => {
  sink = await startWebhookSink();
  const group = { group_by: ['alertname'], group_wait: '1s', group_interval: '1s' };
  alertmanager = await startAlertmanager(
    ({ dir }) => ({
      templates: [`${dir}/*.tmpl`],
      ...relocate(
        {
          route: { receiver: 'slack', ...group, routes: [{ matchers: ['to="phone"'], receiver: 'gotify' }] },
          receivers: [
            slackReceiver({ name: 'slack', webhookUrl: `${sink.url}/slack` }),
            gotifyReceiver({ name: 'gotify', url: sink.url, tokenSecret: 'gotify' }),
          ],
        },
        { '/etc/alertmanager': dir },
      ),
    }),
    { files: { ...withSlackTemplate(), 'secrets/gotify/token': 'token' } },
  );
});

afterAll(async () => {
  await alertmanager?.stop();
  await sink?.close();
});

async function send(alerts: readonly object[]): Promise<void> {
  const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  expect(response.status).toBe(200);
}

async function received(text: string): Promise<{ message?: string; attachments?: readonly { text: string }[] }> {
  return JSON.parse((await sink.waitFor(({ body }) => body.includes(text), 30_000)).body);
}

test('Gotify receives lines as a block of text, and none of a failed query or a resolved alert', async () => {
  const alert = (alertname: string, samples: string) => ({
    labels: { alertname, to: 'phone' },
    annotations: { title: alertname, description: 'Errors', action: 'Read them.', samples },
  });
  await send([alert('Lines', SAMPLES), alert('Failed', FAILED)]);

  expect((await received('[FIRING] Lines')).message).toBe(
    'firing: Errors Read them.\n\n    12× <b>order</b> & [link](http://evil) `tick` # not paid\n    3× *bold* <!channel>\n\n',
  );
  expect((await received('[FIRING] Failed')).message).toBe('firing: Errors Read them.\n\n');
  await send([{ ...alert('Lines', SAMPLES), endsAt: new Date().toISOString() }]);
  expect((await received('[RESOLVED] Lines')).message).toBe('resolved: Errors Read them.\n\n');
});

test('Slack receives the lines of the first alerts of a group, cut if they would make the message too long', async () => {
  const samples = Array.from({ length: 10 }, () => `1× ${'&<`'.repeat(333)}\n`).join('');
  await send(
    Array.from({ length: 30 }, (_, i) => ({
      labels: { alertname: 'Group', app: `app-${i}`, severity: 'warning', line: '<!here> `x`' },
      annotations: { title: 'Group', description: 'Errors', samples },
    })),
  );
  const text = (await received('[FIRING] Group')).attachments?.[0]?.text ?? '';

  expect(text.length).toBeLessThan(40_000);
  expect(text.match(/\*Lines:\*/g)).toHaveLength(5);
  expect(text.match(/\*Severity:\*/g)).toHaveLength(30);
  expect(text).toContain("• *line:* `&lt;!here&gt; 'x'`");
  expect(text).not.toMatch(/<!|&[a-z]*[^a-z;]|`&<|```[^\n]/);
});

test('Slack receives no lines of a resolved alert', async () => {
  const alert = { labels: { alertname: 'Over' }, annotations: { title: 'Over', samples: SAMPLES } };
  await send([alert]);
  expect((await received('[FIRING] Over')).attachments?.[0]?.text).toContain('*Lines:*\n```\n12× &lt;b&gt;order');
  await send([{ ...alert, endsAt: new Date().toISOString() }]);
  expect((await received('[RESOLVED] Over')).attachments?.[0]?.text).not.toContain('*Lines:*');
});

test.each([
  ['the default', '{{ template "email.default.html" . }}', 'samples = 12× &lt;b&gt;order&lt;/b&gt; &amp; [link]'],
  [
    'lines.html',
    '{{ range .Alerts }}{{ with .Annotations.samples }}{{ template "lines.html" . }}{{ end }}{{ end }}',
    '<pre>12× &lt;b&gt;order&lt;/b&gt; &amp; [link](http://evil) `tick` # not paid\n3× *bold* &lt;!channel&gt;</pre>',
  ],
])('an e-mail shows lines as text: %s', async (_, text, expected) => {
  const amtool = await findEngine('amtool');
  const alert = { status: 'firing', labels: { alertname: 'A' }, annotations: { samples: SAMPLES } };
  const data = JSON.stringify({
    status: 'firing',
    alerts: [alert],
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
  });
  const { stdout } = await withFiles([LINES_TEMPLATE.text, data], (cwd) =>
    run(
      amtool,
      [
        'template',
        'render',
        '--template.glob=0.yml',
        '--template.type=html',
        `--template.text=${text}`,
        '--template.data=1.yml',
      ],
      { cwd },
    ),
  );

  expect(stdout).toContain(expected);
});
