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

/** No secret: nothing but this test asks for it. The hash is of it, by Go's bcrypt at its least cost. */
const USERNAME = 'log-alerting';
const PASSWORD = 'correct-horse';
const WEB_CONFIG = `basic_auth_users:
  ${USERNAME}: $2a$04$xUBmeBM1T0YYwoK7x4NXO./HdET530orcuVTqprwATpNMJkICFJNy
`;

const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`${USERNAME}:${password}`).toString('base64')}`,
});

/** Fires from the first evaluation on, without a log line. */
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

/** What the manifests say on the command line of a container, of these flags. */
const argsOf = (name: string, flag: RegExp) =>
  workloads(manifests)
    .filter(({ metadata }) => metadata.name === name)
    .flatMap(containers)
    .flatMap(({ args = [] }) => args.filter((arg) => flag.test(arg)));

let alertmanager: RunningEngine;

const started: RunningEngine[] = [];

/** Loki with the manifests' configuration, which knows this password. */
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

/** Names of the alerts that Alertmanager has. */
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
  'nobody gets %s without the password, or with another',
  async (path) => {
    expect((await get(path)).status).toBe(401);
    expect((await get(path, basic('wrong'))).status).toBe(401);
    expect((await get(path, basic(PASSWORD))).status).toBe(200);
  },
);

test('alerts of a Loki with another password are refused, and Loki says so', async () => {
  const refused = await loki('wrong');

  await until(() => /error sending alert.*401/i.test(refused.logs()));
  expect(await alerts()).toEqual([]);
}, 120_000);

test('alerts of a Loki with the password arrive', async () => {
  await loki(PASSWORD);

  await until(async () => (await alerts()).length > 0);
  expect(await alerts()).toEqual(['Always']);
}, 120_000);

/** The test's own timeout ends it. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(200);
}
