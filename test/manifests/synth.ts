import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Contents of files by name, as in dist. */
export type Files = Readonly<Record<string, string>>;

const root = join(__dirname, '../..');

/** The demo. Not the main.ts of this repository, which users edit. */
export const DEMO = 'test/fixtures/demo/main.ts';

/** The examples, whose manifests are committed. */
export const EXAMPLES = globSync('examples/**/main.ts', { cwd: root }).sort();

/** The apps that tests are about: the demo and the examples. */
export const MAINS = [DEMO, ...EXAMPLES];

/** Returns the committed folder of an example. */
export const distOf = (main: string) => join(root, dirname(main), 'dist');

/** Returns the output of one of `MAINS`. */
export function synthMain(main: string): Files {
  return oncePerRun(main, () => inFolder((folder) => runApp(join(root, main), folder)));
}

/** Returns a folder with the output of the demo. */
export function demoDist(): string {
  return oncePerRun('demo dist', () => {
    const folder = join(process.env.TEST_RUN_FOLDER as string, 'demo/dist');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(synthMain(DEMO))) writeFileSync(join(folder, name), text);
    return folder;
  });
}

/** Runs an app by loading its module, so only once per test file. */
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

/** Options of any profile; the checks decide whether they are valid together. */
export type SomeProps = Partial<CommonProps>;

/** Minimal options, to be extended. */
export const PROPS = {
  rules: [highLogRate({ grafanaUrl: 'http://localhost:3000' })],
  rateAlert: HIGH_LOG_RATE,
} satisfies LogAlertingProps;

/** Options without the demo: a real Slack, Ingresses with passwords, other namespaces. */
export const PRODUCTION: SomeProps = {
  profile: 'single',
  kubernetesEvents: true,
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

/** All options of a distributed Loki, with the OpenTelemetry Collector and a Prometheus. */
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

/** Namespace of the external Loki. */
export const EXTERNAL_NAMESPACE = 'loki';

/** A Loki of the chart in the cluster, with two tenants and credentials. */
export const EXTERNAL: SomeProps = {
  ...PRODUCTION,
  profile: undefined,
  collector: 'opentelemetry',
  loki: {
    external: {
      url: `http://loki-gateway.${EXTERNAL_NAMESPACE}.svc`,
      tenant: 'ops',
      basicAuthSecret: 'loki-auth',
      caSecret: 'loki-ca',
      rules: { as: 'configmap', namespace: EXTERNAL_NAMESPACE },
    },
  },
  tenants: { shop: { namespaces: ['shop'], rules: [highLogRate({ grafanaUrl: 'https://grafana.example.com' })] } },
  monitoring: { namespace: 'monitoring' },
};

/** Grafana Cloud, with logs of another collector, and rules that are sent to its API. */
export const CLOUD: SomeProps = {
  ...PRODUCTION,
  profile: 'external',
  loki: { external: { url: 'https://logs-prod-012.grafana.net', tokenSecret: 'cloud-token' } },
  namespaces: { logging: 'observability' },
};

/** Two tenants of the demo's Loki. */
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

/** Completes options. Rules may replace those of the alert that the dashboard shows. */
function completed(props: SomeProps): LogAlertingProps {
  const { rules = PROPS.rules } = props;
  const alerts = rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ alert }) => alert)));
  const rateAlert = alerts.includes(PROPS.rateAlert.name) ? PROPS.rateAlert : undefined;
  return { ...PROPS, rateAlert, ...props } as LogAlertingProps;
}

/** Returns the output of an app with these options. */
export function synth(props: SomeProps = {}): Files {
  return inFolder((outdir) => {
    const app = new App({ outdir });
    new LogAlerting(app, 'log-alerting', completed(props));
    app.synth();
  });
}

/**
 * Returns the objects of an app with these options, in the order of its files.
 *
 * Faster than `synth`, whose time is mostly spent on writing and parsing YAML.
 * @throws Error if options, rules or routes are invalid
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
  new LogAlerting(app, 'log-alerting', completed(props));
  const wrong = app.node.findAll().flatMap(({ node }) => node.validate());
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return [...app.charts]
    .sort((a, b) => (a.node.id < b.node.id ? -1 : 1))
    .flatMap((chart) => chart.toJson() as Manifest[]);
}

/** Names and files of the apps for tests that must pass for every app. */
export function everyApp(): [string, Files][] {
  return [
    ...MAINS.map((main): [string, Files] => [main, synthMain(main)]),
    ...Object.entries({
      production: PRODUCTION,
      'everything of a distributed Loki': EVERYTHING,
      tenants: TENANTS,
      'an external Loki': EXTERNAL,
      'Grafana Cloud': CLOUD,
    }).map(([name, props]): [string, Files] => [name, oncePerRun(name, () => synth(props))]),
  ];
}

/** Like `everyApp`, with the objects of each file. */
export function everyAppParsed(): [string, Record<string, Manifest[]>][] {
  return oncePerRun('parsed', () =>
    everyApp().map(([name, files]) => [
      name,
      Object.fromEntries(Object.entries(files).map(([file, text]) => [file, parse(text)])),
    ]),
  );
}

/** Like `everyApp`, with the objects of all files. */
export function everyAppsObjects(): [string, Manifest[]][] {
  return everyAppParsed().map(([name, files]) => [name, Object.values(files).flat()]);
}

/** Returns the objects of a file, in order. */
export function parse(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** Returns the objects of all files. */
export function objects(files: Files): Manifest[] {
  return Object.values(files).flatMap(parse);
}

/** Returns the files of a folder. */
export function readFolder(folder: string): Files {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Returns the files that a function writes to a folder. */
export function inFolder(write: (folder: string) => void): Files {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    write(folder);
    return readFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
