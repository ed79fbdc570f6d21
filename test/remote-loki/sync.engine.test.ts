import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { LokiClient, quickLokiConfig, startLoki } from '../../lib/engines';
import { lokiAlerts } from '../support/cli';
import { type FaultProxy, type RulerStage, startProxy, startRulerStage } from './ruler-stage';

/** A ConfigMap with rule files of a tenant. */
const tenantRules = (tenant: string, files: Readonly<Record<string, string>>) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${tenant}
  annotations:
    loki-alerts/tenant: ${tenant}
data:
${Object.entries(files)
  .map(([name, text]) => `  ${name}: |\n${text.replace(/^/gm, '    ')}`)
  .join('\n')}
`;

const group = (name: string, alert: string, threshold = 1, more = '') => `  - name: ${name}
    rules:
      - alert: ${alert}
        expr: |
          # Lines of any level.
          sum by (app) (
            count_over_time({app="web"} |= "error" [5m])
          ) > ${threshold}
        for: 60s
        labels: {severity: warning}
        annotations: {title: '{{ $labels.app }} fails: "50 %"'}
${more}`;

const shop = (threshold = 1) => `groups:\n${group('errors', 'ShopErrors', threshold)}${group('more', 'ShopMore')}`;
const bank = `groups:\n${group('errors', 'BankErrors', 3)}`;

let stage: RulerStage;
let proxy: FaultProxy;
let folder: string;

beforeAll(async () => {
  stage = await startRulerStage();
});
afterAll(async () => {
  await stage?.stop();
});
beforeEach(async () => {
  proxy = await startProxy(stage.loki.url);
  folder = mkdtempSync(join(tmpdir(), 'sync-'));
  write('shop.yaml', tenantRules('shop', { 'web.yaml': shop() }));
  write('bank.yaml', tenantRules('bank', { 'web.yaml': bank }));
});
afterEach(async () => {
  for (const tenant of ['shop', 'bank']) {
    for (const namespace of Object.keys(await stored(tenant)))
      await fetch(`${stage.loki.url}/loki/api/v1/rules/${namespace}`, {
        method: 'DELETE',
        headers: { 'X-Scope-OrgID': tenant },
      });
  }
  await proxy.stop();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** Groups in the ruler by namespace. */
async function stored(tenant: string): Promise<Record<string, { name: string; rules: { alert: string }[] }[]>> {
  const response = await fetch(`${stage.loki.url}/loki/api/v1/rules`, { headers: { 'X-Scope-OrgID': tenant } });
  return response.ok ? parse(await response.text()) : {};
}

const names = async (tenant: string) =>
  Object.fromEntries(
    Object.entries(await stored(tenant)).map(([namespace, groups]) => [
      namespace,
      groups.map(({ name }) => name).sort(),
    ]),
  );

const put = (tenant: string, namespace: string, text: string) =>
  fetch(`${stage.loki.url}/loki/api/v1/rules/${namespace}`, {
    method: 'POST',
    headers: { 'X-Scope-OrgID': tenant },
    body: text,
  });

const rules = (...args: string[]) => lokiAlerts(['rules', ...args, '--loki', proxy.url], folder);
const sync = (...args: string[]) => rules('sync', '.', '--new-tenant', ...args);
const diff = (...args: string[]) => rules('diff', '.', ...args);

test('writes the rules of each tenant, after which nothing differs', async () => {
  const before = await diff();
  expect(before.stdout).toContain("tenant 'shop', namespace 'web'\n  + group 'errors'\n    + alert 'ShopErrors'");
  expect(before).toMatchObject({ status: 1, stdout: expect.stringContaining('3 groups to add') });
  expect(await stored('shop')).toEqual({});

  expect(await sync('--dry-run')).toMatchObject({ status: 1, stdout: before.stdout });
  expect(await stored('shop')).toEqual({});

  expect(await sync()).toMatchObject({ status: 0, stderr: '' });
  expect(await names('shop')).toEqual({ web: ['errors', 'more'] });
  expect(await names('bank')).toEqual({ web: ['errors'] });
  expect(await diff()).toMatchObject({
    status: 0,
    stdout: 'no changes: 3 groups in the ruler as in the files\n',
    stderr: '',
  });
  const writes = () => proxy.received.filter(({ method }) => method !== 'GET').length;
  const count = writes();
  expect((await sync()).status).toBe(0);
  expect(writes()).toBe(count);
});

test('shows changes by rule and field, and writes only the groups that differ', async () => {
  await sync();
  write('shop.yaml', tenantRules('shop', { 'web.yaml': shop(7).replace('for: 60s', 'for: 2m') }));
  proxy.received.length = 0;

  const { status, stdout } = await sync();
  expect(status).toBe(0);
  expect(stdout).toContain(
    [
      "tenant 'shop', namespace 'web'",
      "  ~ group 'errors'",
      "    ~ alert 'ShopErrors'",
      '        expr:',
      '          - # Lines of any level.',
    ].join('\n'),
  );
  expect(stdout).toContain('        for: 1m → 2m\n');
  expect(stdout).toContain('0 groups to add, 1 to change, 0 to delete; 2 unchanged');
  expect(proxy.received.filter(({ method }) => method === 'POST').map(({ path, tenant }) => [path, tenant])).toEqual([
    ['/loki/api/v1/rules/web', 'shop'],
  ]);
});

test('never touches a namespace that the files do not own, nor deletes a group of others without --prune', async () => {
  await put('shop', 'theirs', 'name: theirs\nrules: [{alert: Theirs, expr: vector(1)}]');
  await put('shop', 'web', 'name: manual\nrules: [{alert: Manual, expr: vector(1)}]');

  const refused = await sync();
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain(
    "group 'manual' of namespace 'web' of tenant 'shop' is in the ruler, but in none of the files",
  );
  expect(refused.stderr).toContain('nothing was written: pass --prune');
  expect(await names('shop')).toEqual({ theirs: ['theirs'], web: ['manual'] });
  expect(await names('bank')).toEqual({});

  const pruned = await sync('--prune');
  expect(pruned).toMatchObject({
    status: 0,
    stderr: "note: not owned by the files, left alone of tenant 'shop': 'theirs'\n",
  });
  expect(await names('shop')).toEqual({ theirs: ['theirs'], web: ['errors', 'more'] });

  const own = await sync('--prune', '--tenant', 'shop', '--namespace', 'theirs');
  expect(own.stdout).toContain("deleted group 'theirs' of namespace 'theirs' of tenant 'shop'");
  expect(await names('shop')).toEqual({ web: ['errors', 'more'] });
});

test('reports what is written and what is not if one group fails, and a second run completes it', async () => {
  proxy.fault = ({ method, body }) =>
    method === 'POST' && body.includes('ShopErrors') ? { status: 500, body: 'disk is full' } : undefined;

  const { status, stdout, stderr } = await sync();
  expect(status).toBe(2);
  expect(stdout).toContain('1 of 3 changes written');
  expect(stderr).toContain("group 'errors' of namespace 'web' of tenant 'shop' failed: Loki answered 500");
  expect(stderr).toContain('disk is full');
  expect(stderr).toContain("not written: group 'more' of namespace 'web' of tenant 'shop'");
  expect(await names('bank')).toEqual({ web: ['errors'] });
  expect(await names('shop')).toEqual({});

  proxy.fault = () => undefined;
  expect(await sync()).toMatchObject({ status: 0, stderr: '' });
  expect((await diff()).status).toBe(0);
});

test('reports changes and results to programs as JSON', async () => {
  const plan = JSON.parse((await diff('--format', 'json', '--tenant', 'shop')).stdout);
  expect(plan).toMatchObject({
    loki: proxy.url,
    tenants: [
      {
        tenant: 'shop',
        unchanged: 0,
        foreign: [],
        changes: [{ change: 'added', namespace: 'web', group: 'errors' }, {}],
      },
    ],
  });
  proxy.fault = ({ method, body }) =>
    method === 'POST' && body.includes('ShopErrors') ? { status: 500, body: 'disk is full' } : undefined;
  const { stdout, status } = await sync('--format', 'json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    applied: [{ tenant: 'bank', namespace: 'web', group: 'errors', change: 'added' }],
    failed: { tenant: 'shop', group: 'errors', reason: expect.stringContaining('disk is full') },
    pending: [{ tenant: 'shop', group: 'more' }],
  });
});

test('waits as long as Loki asks when it limits the rate', async () => {
  let limited = 0;
  proxy.fault = ({ method }) =>
    method === 'POST' && limited++ === 0
      ? { status: 429, body: 'slow down', headers: { 'Retry-After': '2' } }
      : undefined;

  expect((await sync('--tenant', 'bank')).status).toBe(0);
  const [first, second] = proxy.received.filter(({ method }) => method === 'POST');
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(2000);
});

test('Ctrl-C stops before the next group, and reports what was written', async () => {
  // The second group waits until the signal has arrived.
  let posts = 0;
  const child = spawn(process.execPath, [
    ...[resolve('bin/loki-alerts.js'), 'rules', 'sync', folder, '--new-tenant', '--loki', proxy.url],
  ]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  proxy.fault = ({ method }) => {
    if (method !== 'POST' || ++posts !== 2) return undefined;
    child.kill('SIGINT');
    return { status: 429, body: 'slow down', headers: { 'Retry-After': '60' } };
  };
  const code = await new Promise((done) => child.once('close', done));
  expect(code).toBe(2);
  expect(stdout).toContain('1 of 3 changes written');
  expect(stderr).toContain('not written: group');
  proxy.fault = () => undefined;
  expect((await sync()).status).toBe(0);
  expect((await diff()).status).toBe(0);
});

test('an unknown tenant is an error, and nothing is written', async () => {
  const { status, stderr } = await rules('sync', '.');
  expect(status).toBe(2);
  expect(stderr).toContain("tenant 'bank' has neither rules nor logs of the last 7 days");
  expect(stderr).toContain('--new-tenant');
  expect(proxy.received.every(({ method }) => method === 'GET')).toBe(true);

  const entries = [[BigInt(Date.now()) * 1_000_000n, 'line']] as const;
  for (const tenant of ['shop', 'bank'])
    await new LokiClient(stage.loki.url, { tenant }).push([{ labels: { app: 'web' }, entries }]);
  expect((await rules('sync', '.')).status).toBe(0);
});

test('without a tenant, a Loki with several is an error', async () => {
  rmSync(join(folder, 'bank.yaml'));
  rmSync(join(folder, 'shop.yaml'));
  write('web.yaml', shop());
  expect(await diff()).toMatchObject({ status: 2, stderr: expect.stringContaining('none was named: pass --tenant') });
});

test('rules with errors are not compared', async () => {
  write('shop.yaml', tenantRules('shop', { 'web.yaml': shop().replace('5m', '1.5m') }));
  const { status, stderr } = await sync();
  expect(status).toBe(2);
  expect(stderr).toMatch(/shop\.yaml:\d+:\d+: error:.*\[logql-syntax\]/);
  expect(proxy.received).toEqual([]);
});

test.each([
  ['with rules', { 'rules/bank/web.yaml': bank }],
  ['without rules', {}],
])('a ruler that reads its rules from files, %s, is read-only: nothing is written', async (_, files) => {
  const local = await startLoki(
    ({ dir }) =>
      quickLokiConfig({
        dir,
        multiTenant: true,
        ruler: { storage: { type: 'local', local: { directory: `${dir}/rules` } } },
      }),
    { files },
  );
  try {
    const { status, stdout, stderr } = await lokiAlerts(
      ['rules', 'sync', 'bank.yaml', '--new-tenant', '--loki', local.url],
      folder,
    );
    expect(status).toBe(2);
    expect(stdout).toContain('0 of 1 changes written');
    expect(stderr).toContain("the ruler reads its rules from files (storage type 'local')");
  } finally {
    await local.stop();
  }
});

test('a ruler without its API is an error with the fix', async () => {
  const off = await startLoki(({ dir }) => quickLokiConfig({ dir, ruler: { enable_api: false } }));
  try {
    const { status, stderr } = await lokiAlerts(['rules', 'diff', '.', '--loki', off.url], folder);
    expect(status).toBe(2);
    expect(stderr).toContain('no ruler API at');
    expect(stderr).toContain('set ruler.enable_api to true');
  } finally {
    await off.stop();
  }
});

test('Loki that is killed while groups are written: the rest is named, and a second run completes it', async () => {
  let posts = 0;
  proxy.onRequest = ({ method }) => {
    if (method === 'POST' && ++posts === 2) stage.kill();
  };
  const { status, stdout, stderr } = await sync();
  expect(status).toBe(2);
  expect(stdout).toContain('1 of 3 changes written');
  expect(stderr).toContain('no Loki answers at');
  expect(stderr).toContain('(the group may be written or not)');
  expect(stderr).toContain("not written: group 'more' of namespace 'web' of tenant 'shop'");

  await stage.restart();
  await proxy.stop();
  proxy = await startProxy(stage.loki.url);
  const second = await sync();
  expect(second.status).toBe(0);
  expect(second.stdout).toContain('2 of 2 changes written');
  expect((await diff()).status).toBe(0);
});

test('rejected credentials are an error with the fix, which does not contain them', async () => {
  proxy.fault = () => ({ status: 401, body: 'invalid token' });
  const withToken = proxy.url.replace('://', '://12345:glc_secret@');
  const { status, stderr } = await lokiAlerts(['rules', 'diff', '.', '--loki', withToken], folder);
  expect(status).toBe(2);
  expect(stderr).toContain(`Loki at ${proxy.url} rejected the credentials (401): renew the token if it has expired`);
  expect(stderr).not.toContain('glc_secret');
  expect(proxy.received[0]?.authorization).toBe(`Basic ${Buffer.from('12345:glc_secret').toString('base64')}`);
});
