import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  findEngine,
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  run,
  startAlertmanager,
  startLoki,
  startPromtail,
  startWebhookSink,
} from '../../lib/engines';
import { freePorts } from '../../lib/engines/ports';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function started(engine: Promise<RunningEngine>): Promise<RunningEngine> {
  const running = await engine;
  stops.push(() => running.stop());
  return running;
}

/** 2001-09-09, long before any limit on the age of lines. */
const START = 1_000_000_000;
const nanoseconds = (seconds: number) => BigInt(seconds) * 1_000_000_000n;

describe('Loki', () => {
  test('finds old lines of each tenant', async () => {
    const loki = await started(startLoki(({ dir }) => quickLokiConfig({ dir, multiTenant: true })));
    const [mine, other] = [new LokiClient(loki.url, { tenant: 'mine' }), new LokiClient(loki.url, { tenant: 'other' })];
    const entries = Array.from(
      { length: 120 },
      (_, second) => [nanoseconds(START + second), `line ${second}`] as const,
    );

    await mine.push([{ labels: { app: 'web' }, entries }]);

    const query = 'sum by (app) (count_over_time({app="web"}[1m]))';
    const result = await mine.queryRange(query, { start: START + 47, end: START + 77, step: 15 });
    expect(result).toMatchObject({
      resultType: 'matrix',
      result: [
        {
          metric: { app: 'web' },
          values: [
            [START + 47, '48'],
            [START + 62, '60'],
            [START + 77, '60'],
          ],
        },
      ],
    });
    expect(await mine.query(query, START + 59)).toMatchObject({
      resultType: 'vector',
      result: [{ value: [START + 59, '60'] }],
    });
    expect(await other.query(query, START + 59)).toMatchObject({ resultType: 'vector', result: [] });
  });

  test('keeps structured metadata and reports errors', async () => {
    const loki = await started(startLoki(quickLokiConfig));
    const client = new LokiClient(loki.url);

    await client.push([{ labels: { app: 'web' }, entries: [[nanoseconds(START), 'text', { trace: 'abc' }]] }]);

    const range = { start: START, end: START + 1 };
    expect(await client.queryRange('{app="web"} | trace="abc"', range)).toMatchObject({
      resultType: 'streams',
      result: [{ stream: { app: 'web', trace: 'abc' }, values: [[`${nanoseconds(START)}`, 'text']] }],
    });
    await expect(client.query('{app="web"')).rejects.toThrow(
      /^Loki answered 400 to \/loki\/api\/v1\/query: parse error/,
    );
  });

  test('evaluates the rules in its working folder', async () => {
    const rules = `groups: [{name: g, interval: 1s, rules: [{alert: A, expr: 'vector(1) > 0', labels: {severity: info}}]}]`;
    const loki = await started(
      startLoki(({ dir }) => quickLokiConfig({ dir, ruler: { evaluation_interval: '1s', poll_interval: '1s' } }), {
        files: { 'rules/fake/a.yaml': rules },
      }),
    );
    const client = new LokiClient(loki.url);

    let [group] = await client.rules();
    while (group?.rules[0]?.state !== 'firing') {
      await sleep(100);
      [group] = await client.rules();
    }
    expect(group).toMatchObject({ name: 'g', rules: [{ name: 'A', alerts: [{ labels: { severity: 'info' } }] }] });
  });

  test('reports why it rejects a configuration, and leaves nothing behind', async () => {
    const dirs: string[] = [];
    const config = ({ dir }: { dir: string }) => {
      dirs.push(dir);
      return { nonsense: true };
    };

    await expect(startLoki(config)).rejects.toThrow(
      /^Loki .+ ended with exit code 1 before .+\n.*field nonsense not found/s,
    );
    expect(dirs.map(existsSync)).toEqual([false]);
  });

  test('rejects a port that is in use', async () => {
    const first = await started(startLoki(quickLokiConfig));
    const port = Number(new URL(first.url).port);

    await expect(startLoki(quickLokiConfig, { port })).rejects.toThrow(`Loki needs port ${port} on 127.0.0.1`);
  });
});

test('Promtail sends a file to Loki', async () => {
  const loki = await started(startLoki(quickLokiConfig));
  const promtail = await started(
    startPromtail(
      ({ dir }) => ({
        clients: [{ url: `${loki.url}/loki/api/v1/push`, batchwait: '100ms' }],
        scrape_configs: [
          { job_name: 'files', static_configs: [{ labels: { job: 'files', __path__: join(dir, 'logs/*.log') } }] },
        ],
      }),
      { files: { 'logs/a.log': 'before\n' } },
    ),
  );
  appendFileSync(join(promtail.dir, 'logs/a.log'), 'after\n');

  const client = new LokiClient(loki.url);
  const lines = async () => {
    const now = Math.floor(Date.now() / 1000);
    const answer = await client.queryRange('{job="files"}', { start: now - 600, end: now + 10, direction: 'forward' });
    return answer.resultType === 'streams' ? answer.result.flatMap(({ values }) => values.map(([, line]) => line)) : [];
  };
  while ((await lines()).length < 2) await sleep(50);
  expect(await lines()).toEqual(['before', 'after']);
});

test('Alertmanager notifies the sink', async () => {
  const sink = await startWebhookSink();
  stops.push(() => sink.close());
  const alertmanager = await started(
    startAlertmanager({
      route: { receiver: 'sink', group_wait: '0s' },
      receivers: [{ name: 'sink', webhook_configs: [{ url: `${sink.url}/hook` }] }],
    }),
  );

  const amtool = await findEngine('amtool');
  const flags = [`--alertmanager.url=${alertmanager.url}`];
  const { code } = await run(amtool, ['alert', 'add', 'Flood', 'app=web', ...flags]);

  expect(code).toBe(0);
  const request = await sink.waitFor(({ path }) => path === '/hook', 30_000);
  expect(JSON.parse(request.body)).toMatchObject({
    status: 'firing',
    alerts: [{ labels: { alertname: 'Flood', app: 'web' } }],
  });
});

test("keeps the caller's folder with the engine's files", async () => {
  const dir = mkdtempSync(join(tmpdir(), 'engines-test-'));
  stops.push(async () => rmSync(dir, { recursive: true }));
  const [port] = await freePorts(1);

  const loki = await startLoki(quickLokiConfig, { dir, port });
  await loki.stop();

  expect(loki.url).toBe(`http://127.0.0.1:${port}`);
  expect(existsSync(join(dir, 'loki.yaml'))).toBe(true);
});

// A fake docker that runs the program outside of any container: it tests the command line and stopping.
test('starts and stops an image with the docker command', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'engines-test-'));
  stops.push(async () => rmSync(dir, { recursive: true }));
  const loki = await findEngine('loki');
  const shell = `while [ "$1" != some/image ]; do shift; done; shift; exec ${loki.path} "$@"`;
  writeFileSync(join(dir, 'docker'), `#!/bin/sh\n${shell}\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${dir}:${path}`;
  stops.push(async () => {
    process.env.PATH = path;
  });

  const running = await startLoki(quickLokiConfig, { engine: { ...loki, source: 'docker', image: 'some/image' } });
  await new LokiClient(running.url).rules();
  await running.stop();

  expect(await running.exited).toBe('exit code 0');
});

test('runs promtool and amtool with standard input or files, and returns their exit code', async () => {
  const [promtool, amtool] = [await findEngine('promtool'), await findEngine('amtool')];

  expect(
    await run(promtool, ['check', 'metrics'], { input: '# HELP a_total b.\n# TYPE a_total counter\na_total 1\n' }),
  ).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  const refused = await run(amtool, ['check-config', 'nope.yml'], { cwd: __dirname });
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('nope.yml');
});
