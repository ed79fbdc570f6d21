import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../lib/engines';
import { makeTempFolder, removeTempFolder } from '../lib/engines/cleanup';
import { devDependencies } from '../package.json';
import { type Figure, median, type Subject } from './figure';
import { succeeded, timedCpu } from './timed-process';

/** Odd, so that the median is one of the runs; enough to ignore a few outliers. */
const ROUNDS = 15;

const ROOT = join(__dirname, '..');

/** npm's own messages would be part of its output, and these sources are not those of the package. */
const ENV = { NODE_OPTIONS: '', npm_config_node_options: '', CDK8S_CHECK_UPGRADE: 'false' };

/** A stack as README shows it, as `tsc` compiles it. */
const STACK = `
const { App } = require('cdk8s');
const { LogAlerting } = require('loki-alerts');
const { HIGH_LOG_RATE, highLogRate, noLogs, RUNBOOK } = require('loki-alerts/rules');
const links = { grafanaUrl: 'https://grafana.example.com' };
const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'single',
  ...links,
  rules: [highLogRate(links), noLogs(links)],
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: { adminSecret: 'grafana-admin' },
});
app.synth();
`;

const EMPTY = `
const { App, Chart } = require('cdk8s');
const app = new App();
new Chart(app, 'empty');
app.synth();
`;

const RULES = `groups:
  - name: web
    rules:
      - alert: Errors
        expr: sum(rate({app="web"} |= "error" [5m])) > 1
        for: 5m
        labels: { severity: warning }
        annotations: { title: Errors, description: "{{ $value }} errors per second." }
`;

export const packageSubject: Subject = {
  name: 'package',
  description: 'size of the npm package, and its time in a project of others; needs the npm registry; 1 min',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const folder = makeTempFolder();
  try {
    onProgress('npm pack');
    const packed = await pack(folder);
    onProgress('npm install');
    const packages = await install(folder, `file:${join(folder, packed.filename)}`);
    return [
      { what: 'package to download', value: packed.size / 1024, unit: 'KiB' },
      { what: 'package, unpacked', value: packed.unpackedSize / 1024, unit: 'KiB' },
      { what: 'files', value: packed.entryCount, unit: '' },
      {
        what: 'packages that npm installs',
        value: packages,
        unit: '',
        aim: { atMost: 40 },
        note: 'with its peers, cdk8s and constructs',
      },
      ...(await times(folder, onProgress)),
    ];
  } finally {
    removeTempFolder(folder);
  }
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

async function pack(folder: string): Promise<Packed> {
  const npm = (...args: string[]) => succeeded(timedCpu('npm', args, { cwd: ROOT, env: ENV }));
  await npm('run', 'build');
  const { stdout } = await npm('pack', '--ignore-scripts', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(stdout) as Packed[];
  if (!packed) throw new Error(`npm pack has packed nothing: ${stdout}`);
  return packed;
}

/** Installs the package and the command of cdk8s in the folder. @returns the number of packages without the latter */
async function install(folder: string, spec: string): Promise<number> {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { 'loki-alerts': spec } }));
  const npm = (...args: string[]) => succeeded(timedCpu('npm', ['install', ...args], { cwd: folder, env: ENV }));
  await npm('--package-lock-only');
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: object };
  await npm(`cdk8s-cli@${devDependencies['cdk8s-cli']}`);
  // Without the project itself.
  return Object.keys(packages).length - 1;
}

async function times(folder: string, onProgress: OnProgress): Promise<Figure[]> {
  for (const [app, code] of Object.entries({ stack: STACK, empty: EMPTY })) {
    mkdirSync(join(folder, app));
    writeFileSync(join(folder, app, 'main.js'), code);
    writeFileSync(join(folder, app, 'cdk8s.yaml'), 'language: typescript\napp: node main.js\n');
  }
  writeFileSync(join(folder, 'rules.yaml'), RULES);
  const bin = (name: string) => join(folder, 'node_modules', name);
  const node = (app: string, ...args: string[]) =>
    succeeded(timedCpu(process.execPath, args, { cwd: join(folder, app), env: ENV }));
  const synth = (app: string) => node(app, bin('cdk8s-cli/bin/cdk8s'), 'synth');
  const round = async () => ({
    stack: await synth('stack'),
    empty: await synth('empty'),
    check: await node('.', bin('loki-alerts/bin/loki-alerts.js'), 'check', 'rules.yaml'),
    nothing: await node('.', '-e', '0'),
  });
  // The first round fills the caches of the file system.
  await round();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  while (rounds.length < ROUNDS) {
    rounds.push(await round());
    onProgress(`round ${rounds.length} of ${ROUNDS}`);
  }
  const note = `median of the ratios of ${ROUNDS} rounds`;
  const cpu = 'user CPU';
  return [
    {
      what: `cdk8s synth of a compiled app, stack to empty app, ${cpu}`,
      value: median(rounds.map(({ stack, empty }) => stack.userSeconds / empty.userSeconds)),
      unit: 'x',
      aim: { atMost: 1.25 },
      note: `${note}; stack ${seconds(rounds.map(({ stack }) => stack.userSeconds))}`,
    },
    {
      what: 'the same, wall clock',
      value: median(rounds.map(({ stack, empty }) => stack.seconds / empty.seconds)),
      unit: 'x',
      aim: { atMost: 1.25 },
      note: `${note}; stack ${seconds(rounds.map(({ stack }) => stack.seconds))}`,
    },
    {
      what: `check of a small file, to node -e 0, ${cpu}`,
      value: median(rounds.map(({ check, nothing }) => check.userSeconds / nothing.userSeconds)),
      unit: 'x',
      aim: { atMost: 3 },
      note: `${note}; check ${seconds(rounds.map(({ check }) => check.userSeconds))}`,
    },
  ];
}

function seconds(values: readonly number[]): string {
  return `${median(values).toFixed(3)} s`;
}
