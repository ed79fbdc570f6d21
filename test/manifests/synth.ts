import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'cdk8s';
import { globSync } from 'tinyglobby';
import { parseAllDocuments } from 'yaml';
import { LogAlerting, type LogAlertingProps } from '../../lib';
import type { CommonProps } from '../../lib/stack/props-schema';
import { HIGH_LOG_RATE, highLogRate } from '../../rules/high-log-rate';
import { oncePerRun } from '../support/once-per-run';
import type { Manifest } from './kubernetes';

/** File name to content, as a folder like dist holds them. */
export type Files = Readonly<Record<string, string>>;

const root = join(__dirname, '../..');

/** The apps of this repository: main.ts and the examples. */
export const MAINS = globSync(['main.ts', 'examples/**/main.ts'], { cwd: root }).sort();

/** The folder that an app of this repository is committed to. */
export const distOf = (main: string) => join(root, dirname(main), 'dist');

/** What an app of this repository writes. */
export function synthMain(main: string): Files {
  return oncePerRun(main, () => inFolder((folder) => runApp(join(root, main), folder)));
}

/** Runs an app, which is the work of its module, and so once in a test file. */
export function runApp(main: string, folder: string): void {
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = folder;
  try {
    require(main);
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}

/** Some options, of any profile: whether they fit together is for the checks. */
export type SomeProps = Partial<CommonProps>;

/** Options of which each can be replaced. */
export const PROPS = {
  rules: [highLogRate({ grafanaUrl: 'http://localhost:3000' })],
  rateAlert: HIGH_LOG_RATE,
} satisfies LogAlertingProps;

/** Without the demo: a real Slack, people who log in, also from outside, names of its own. */
export const PRODUCTION: SomeProps = {
  profile: 'single',
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: {
    adminSecret: 'grafana-admin',
    ingress: { host: 'grafana.example.com', namespace: 'traefik', tlsSecret: 'grafana-tls' },
  },
  alertmanager: {
    basicAuthSecret: 'alertmanager-auth',
    gateway: {
      host: 'alertmanager.example.com',
      namespace: 'traefik',
      parentRef: { name: 'web', namespace: 'traefik', sectionName: 'https' },
    },
  },
  grafanaUrl: 'https://grafana.example.com',
  alertmanagerUrl: 'https://alertmanager.example.com',
  loki: { retention: '720h', evaluationInterval: '30s', storage: '50Gi' },
  storageClassName: 'fast',
  namespaces: { logging: 'observability', logCollector: 'log-agents' },
};

/** All that a distributed Loki may have, with Promtail's successor and a Prometheus. */
export const EVERYTHING: SomeProps = {
  ...PRODUCTION,
  profile: 'distributed',
  collector: 'opentelemetry',
  monitoring: { namespace: 'monitoring' },
  loki: {
    objectStorage: {
      endpoint: 'https://s3.example.com',
      region: 'eu-central-1',
      bucket: 'logs',
      credentialsSecret: 'loki-object-storage',
    },
    zones: ['a', 'b', 'c'],
    caches: { chunks: { memory: '1Gi' }, results: { memory: '1Gi' } },
    autoscaling: { querier: { minReplicas: 2, maxReplicas: 6 } },
  },
};

/** Two teams that share the demo's Loki. */
export const TENANTS: SomeProps = {
  tenants: {
    shop: {
      namespaces: ['shop', 'shop-jobs'],
      rules: [highLogRate({ grafanaUrl: 'http://localhost:3000' })],
      limits: { retention_period: '24h', ingestion_rate_mb: 1 },
    },
    bank: { namespaces: ['bank'], rules: [highLogRate({ grafanaUrl: 'http://localhost:3000' })] },
  },
};

/** What an app with these options writes. */
export function synth(props: SomeProps = {}): Files {
  return inFolder((outdir) => {
    const app = new App({ outdir });
    new LogAlerting(app, 'log-alerting', { ...PROPS, ...props } as LogAlertingProps);
    app.synth();
  });
}

/**
 * The objects of an app with these options, of the same namespaces in the same order as its files.
 *
 * Most of a synthesis is to write YAML and to read it again, so tests of what options do leave that out.
 * @throws if options, rules or routes are wrong
 */
export function synthObjects(props: SomeProps = {}): Manifest[] {
  const key = JSON.stringify(props);
  const built = objectsOf.get(key) ?? buildObjects(props);
  objectsOf.set(key, built);
  return built;
}

const objectsOf = new Map<string, Manifest[]>();

function buildObjects(props: SomeProps): Manifest[] {
  const app = new App();
  new LogAlerting(app, 'log-alerting', { ...PROPS, ...props } as LogAlertingProps);
  const wrong = app.node.findAll().flatMap(({ node }) => node.validate());
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return [...app.charts]
    .sort((a, b) => (a.node.id < b.node.id ? -1 : 1))
    .flatMap((chart) => chart.toJson() as Manifest[]);
}

/** Names and files of the apps for which must hold what holds for every app. */
export function everyApp(): [string, Files][] {
  return [
    ...MAINS.map((main): [string, Files] => [main, synthMain(main)]),
    ...Object.entries({ production: PRODUCTION, 'everything of a distributed Loki': EVERYTHING, tenants: TENANTS }).map(
      ([name, props]): [string, Files] => [name, oncePerRun(name, () => synth(props))],
    ),
  ];
}

/** The same with the objects of each file. */
export function everyAppParsed(): [string, Record<string, Manifest[]>][] {
  return oncePerRun('parsed', () =>
    everyApp().map(([name, files]) => [
      name,
      Object.fromEntries(Object.entries(files).map(([file, text]) => [file, parse(text)])),
    ]),
  );
}

/** The same with all their objects. */
export function everyAppsObjects(): [string, Manifest[]][] {
  return everyAppParsed().map(([name, files]) => [name, Object.values(files).flat()]);
}

/** The objects of a file, in its order. */
export function parse(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** The objects of all files. */
export function objects(files: Files): Manifest[] {
  return Object.values(files).flatMap(parse);
}

/** The files of a folder. */
export function readFolder(folder: string): Files {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function inFolder(write: (folder: string) => void): Files {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    write(folder);
    return readFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
