import { setTimeout as sleep } from 'node:timers/promises';
import {
  localAlertmanagerConfig,
  localLokiConfig,
  localLokiFiles,
  localTemplates,
} from '../../lib/demo-run/local-configs';
import { type RunningEngine, startAlertmanager, startLoki } from '../../lib/engines';
import { containers, workloads } from '../manifests/kubernetes';
import { synthObjects } from '../manifests/synth';

/** A password for this test only, and its hash by Go's bcrypt with the minimum cost. */
const USERNAME = 'log-alerting';
const PASSWORD = 'correct-horse';
const WEB_CONFIG = `basic_auth_users:
  ${USERNAME}: $2a$04$xUBmeBM1T0YYwoK7x4NXO./HdET530orcuVTqprwATpNMJkICFJNy
`;

const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`${USERNAME}:${password}`).toString('base64')}`,
});

/** An alert that fires from the first evaluation on, without log lines. */
const RULES = [
  {
    name: 'always.yaml',
    groups: [
      {
        name: 'always',
        rules: [
          {
            alert: 'Always',
            expr: 'vector(1)',
            labels: { severity: 'info', team: 'devops', category: 'test' },
            annotations: { title: 'Always', description: 'It fires.' },
            waive: [{ check: 'no-comparison', reason: 'it should fire at once' }],
          },
        ],
      },
    ],
  },
];

const manifests = synthObjects({
  rules: RULES,
  loki: { evaluationInterval: '1s' },
  alertmanager: { basicAuthSecret: 'alertmanager-auth' },
});

/** Returns the arguments of a container in the manifests that match a flag. */
const argsOf = (name: string, flag: RegExp) =>
  workloads(manifests)
    .filter(({ metadata }) => metadata.name === name)
    .flatMap(containers)
    .flatMap(({ args = [] }) => args.filter((arg) => flag.test(arg)));

let alertmanager: RunningEngine;

const started: RunningEngine[] = [];

/** Starts Loki with the configuration of the manifests and this password. */
async function loki(password: string): Promise<RunningEngine> {
  const engine = await startLoki(({ dir }) => localLokiConfig(manifests, dir, alertmanager.url), {
    files: localLokiFiles(manifests),
    args: argsOf('loki', /^-config\.expand-env/),
    env: { ALERTMANAGER_USERNAME: USERNAME, ALERTMANAGER_PASSWORD: password },
  });
  started.push(engine);
  return engine;
}

const get = (path: string, headers: Record<string, string> = {}) => fetch(alertmanager.url + path, { headers });

/** Returns the names of the alerts in Alertmanager. */
async function alerts(): Promise<string[]> {
  const found = await (await get('/api/v2/alerts', basic(PASSWORD))).json();
  return (found as readonly { labels: { alertname: string } }[]).map(({ labels }) => labels.alertname);
}

beforeAll(async () => {
  const [webConfig = ''] = argsOf('alertmanager', /^--web\.config\.file/);
  alertmanager = await startAlertmanager(
    ({ dir }) => localAlertmanagerConfig(manifests, dir, 'http://127.0.0.1:9/none'),
    {
      files: { ...localTemplates(manifests), 'web.yml': WEB_CONFIG },
      args: [webConfig.replace('/etc/alertmanager-web/', '')],
      readyHeaders: basic(PASSWORD),
    },
  );
  started.push(alertmanager);
}, 600_000);

afterAll(() => Promise.all(started.map((engine) => engine.stop())));

test.each(['/', '/-/ready', '/metrics', '/api/v2/alerts', '/api/v2/silences'])(
  'rejects GET %s without the password, or with another',
  async (path) => {
    expect((await get(path)).status).toBe(401);
    expect((await get(path, basic('wrong'))).status).toBe(401);
    expect((await get(path, basic(PASSWORD))).status).toBe(200);
  },
);

test('rejects alerts of a Loki with another password, which logs it', async () => {
  const rejected = await loki('wrong');

  await until(() => /error sending alert.*401/i.test(rejected.logs()));
  expect(await alerts()).toEqual([]);
}, 120_000);

test('accepts alerts of a Loki with the password', async () => {
  await loki(PASSWORD);

  await until(async () => (await alerts()).length > 0);
  expect(await alerts()).toEqual(['Always']);
}, 120_000);

/** Waits until a condition is true; the timeout of the test ends the wait. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(200);
}
