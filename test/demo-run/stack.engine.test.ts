import { type LocalStage, startLocalStage, WEBSERVICE } from '../../lib/demo-run/local-stage';
import type { SlackMessage } from '../../lib/demo-run/slack-message';
import { waitForMessage } from '../../lib/demo-run/wait';
import { findEngine, LokiClient, run } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { demoDist } from '../manifests/synth';

const manifests = readDist(demoDist());

/** One flood in containerd's format, one in Docker's; both above the threshold of 60 lines/s. */
const CRI = { pod: WEBSERVICE, format: 'cri', rate: 120 } as const;
const DOCKER = {
  pod: { ...WEBSERVICE, name: 'docker-local', app: 'docker-app', uid: '00000000-0000-4000-8000-000000000002' },
  format: 'docker',
  rate: 120,
} as const;

const progress: string[] = [];
let stage: LocalStage;

beforeAll(async () => {
  stage = await startLocalStage(manifests, [CRI, DOCKER], (line) => progress.push(line));
});

afterAll(() => stage?.stop());

test('the flood sends a firing and a resolved message, with labels, title and links', async () => {
  // GIVEN two floods, in both log formats
  const since = Date.now();
  stage.startFlood();

  // WHEN the alert fires
  const onProgress = (line: string) => progress.push(line);
  const isOf = (app: string) => (message: SlackMessage) => message.title.endsWith(`demo/${app}`);
  await waitForMessage(stage, 'FIRING', { since, timeoutMs: 150_000, onProgress });
  // The messages of both groups are sent at the same time, apart from a poll.
  await waitUntil(async () => (await stage.messages()).length >= 2, 15_000);
  const firing = await stage.messages();

  // THEN Slack gets one message for each app
  const message = firing.find(isOf('webservice'));
  expect(firing.some(isOf('docker-app'))).toBe(true);
  expect(message?.title).toBe(':fire: [FIRING] High log rate: demo/webservice');
  expect(message?.channel).toBe('#notifications');
  for (const [name, value] of Object.entries({
    alertname: 'HighLogRate',
    app: 'webservice',
    category: 'logs',
    namespace: 'demo',
    severity: 'warning',
    team: 'devops',
  })) {
    expect(message?.text).toContain(`• *${name}:* \`${value}\`\n`);
  }
  expect(message?.text).toMatch(/^\*Description:\* webservice in namespace demo logs \d+ lines per second\.$/m);
  expect(message?.text).toContain('*Severity:* `warning`');
  expect(message?.text).toContain('*Impact:* ');
  expect(message?.text).toContain('*Action:* ');
  expect(message?.text).toContain('*Receiver:* warning-devops-slack');
  expect(message?.text).toMatch(/\*Dashboard:\* <http:\/\/localhost:3000\/d\/log-alerting\|/);
  expect(message?.text).toMatch(/\*Runbook:\* <http:\/\/localhost:3000\/d\/log-alerting\?viewPanel=panel-\d+\|/);
  const graph = /\*Graph:\* <([^|]+)\|/.exec(message?.text ?? '')?.[1] ?? '';
  const pane = JSON.parse(new URL(graph).searchParams.get('left') ?? '');
  expect(pane.queries[0].datasource).toEqual({ type: 'loki', uid: 'loki' });
  expect(pane.queries[0].expr).toContain('sum by (namespace,app)(rate({job=~".+"}[1m]))');

  // AND WHEN the floods stop
  const stopped = Date.now();
  await stage.stopFlood();
  const resolved = await waitForMessage(stage, 'RESOLVED', { since: stopped, timeoutMs: 150_000, onProgress });

  // THEN Slack gets the resolved message
  expect(resolved.title).toMatch(/^:white_check_mark: \[RESOLVED\] High log rate: demo\//);
});

test.each([CRI, DOCKER])(
  'a stream in the $format format has the labels of the collector and no others',
  async ({ pod }) => {
    const result = await new LokiClient(stage.lokiUrl).queryRange(`{app="${pod.app}"}`, {
      start: Date.now() / 1000 - 600,
      end: Date.now() / 1000,
      limit: 1,
    });

    expect(result.resultType).toBe('streams');
    const [found] = result.result as readonly { stream: Record<string, string>; values: [string, string][] }[];
    // Loki returns structured metadata, which it detects itself, among the labels.
    const { detected_level: _, ...labels } = found?.stream ?? {};
    expect(labels).toEqual({
      namespace: 'demo',
      app: pod.app,
      pod: pod.name,
      container: 'webservice',
      node_name: 'localhost',
      job: `demo/${pod.app}`,
      stream: 'stdout',
    });
    expect(found?.values[0]?.[1]).toMatch(/^127\.0\.0\.1 - - \[\S+\] "GET \/flood\/\d+ HTTP\/1\.1" 200 6$/);
  },
);

test('the engines accept the committed configuration', async () => {
  const loki = await findEngine('loki');
  const amtool = await findEngine('amtool');
  const [lokiProcess, alertmanager] = stage.engines;

  const verified = await run(loki, ['-verify-config', `-config.file=${lokiProcess?.dir}/loki.yaml`]);
  const checked = await run(amtool, ['check-config', `${alertmanager?.dir}/alertmanager.yml`]);

  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCESS') });
});

async function waitUntil(condition: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
