import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Consumer, consumer, packageJson, pathWithNode, ROOT, VERSIONS } from './consumer';

const PEERS = { cdk8s: VERSIONS.cdk8s ?? '', constructs: VERSIONS.constructs ?? '' };
const COMPILER = { typescript: VERSIONS.typescript ?? '', '@types/node': VERSIONS['@types/node'] ?? '' };

/** An app that uses every entry of the package, in TypeScript. */
const APP = `
import { App } from 'cdk8s';
import { LogAlerting, logql, type RuleFile } from 'loki-alerts';
import { parseLogQL } from 'loki-alerts/logql';
import { LokiAlerts } from 'loki-alerts/plugin';
import { describeRuleTests, type RuleTests } from 'loki-alerts/rule-tests';
import { HIGH_LOG_RATE, highLogRate, noLogs, RUNBOOK } from 'loki-alerts/rules';

const links = { grafanaUrl: 'https://grafana.example.com' };
const own: RuleFile = {
  name: 'payments.yaml',
  groups: [
    {
      name: 'payments',
      rules: [
        {
          alert: 'PaymentErrors',
          expr: logql\`sum by (namespace, app) (rate({app=\${'payments'}} |= "level=error" [5m])) > 1\`,
          for: '5m',
          labels: { severity: 'warning', team: 'devops' },
          annotations: { title: 'Payments fail', description: '{{ $value }} errors per second.' },
        },
      ],
    },
  ],
};

export const tests: RuleTests = { tests: [{ alert_rule_test: [{ eval_time: '5m', alertname: 'PaymentErrors' }] }] };
export const others: unknown[] = [describeRuleTests, LokiAlerts, parseLogQL('{app="a"}')];

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'single',
  ...links,
  rules: [highLogRate(links), noLogs(links), own],
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: { adminSecret: 'grafana-admin' },
});
app.synth();
`;

const CHARTS = ['log-collector.k8s.yaml', 'logging.k8s.yaml'];

const dist = ({ folder }: Consumer) =>
  readdirSync(join(folder, 'dist'))
    .filter((file) => file.endsWith('.yaml'))
    .sort();

describe('a project of cdk8s init', () => {
  const template = join(ROOT, 'node_modules/cdk8s-cli/templates/typescript-app');
  const read = (file: string) => readFileSync(join(template, file), 'utf8');
  let project: Consumer;

  beforeAll(() => {
    const { scripts, devDependencies } = JSON.parse(read('package.json'));
    project = consumer({
      'package.json': packageJson(PEERS, {
        scripts,
        devDependencies: { ...devDependencies, 'cdk8s-cli': VERSIONS['cdk8s-cli'] },
      }),
      'tsconfig.json': read('tsconfig.json'),
      'jest.config.js': read('jest.config.js'),
      'cdk8s.yaml': 'language: typescript\napp: npx ts-node main.ts\n',
      'main.ts': APP,
      'main.test.ts': `import { readdirSync } from 'node:fs';
import './main';

test('the app writes its charts', () => expect(readdirSync('dist').sort()).toEqual(${JSON.stringify(CHARTS)}));
`,
    });
    project.run('npm install');
  });

  test('compiles, with its own settings and the types of the package checked', () => {
    project.run('npm run compile');
    project.run('node main.js');
    expect(dist(project)).toEqual(CHARTS);
  });

  test('synthesizes by cdk8s synth with ts-node', () => {
    project.run('npx cdk8s synth');
    expect(dist(project)).toEqual(CHARTS);
  });

  test('runs its tests with jest and ts-jest', () => {
    expect(project.run('npm test')).toContain('1 passed');
  });

  test.each(['./node_modules/loki-alerts', './node_modules/loki-alerts/plugin.js'])('runs the plugin %s', (name) => {
    const validations = `validations:\n  - { package: ${name}, version: 0.2.0, class: LokiAlerts, properties: { severities: [page] } }\n`;
    project.write({ 'cdk8s.yaml': `language: typescript\napp: node main.js\n${validations}` });
    const output = project.run('npx cdk8s synth', { expected: 2 });
    expect(output).toContain('severity-unknown');
    expect(output).toMatch(/dist\/logging\.k8s\.yaml:\d+:\d+/);
  });

  test('runs the plugin by the name of the package', () => {
    // As cdk8s-cli installs a package that is on npm.
    project.run(
      `npm install --prefix plugins/loki-alerts/0.2.0 ${JSON.parse(packageJson({})).dependencies['loki-alerts']}`,
    );
    const validations = `validations:\n  - { package: loki-alerts, version: 0.2.0, class: LokiAlerts, properties: { severities: [page] } }\n`;
    project.write({
      'cdk8s.yaml': `language: typescript\napp: node main.js\npluginsDirectory: ${join(project.folder, 'plugins')}\n${validations}`,
    });
    expect(project.run('npx cdk8s synth', { expected: 2 })).toContain('severity-unknown');
  });

  test('has the command', () => {
    project.run('node main.js');
    expect(project.run('npx loki-alerts check dist')).toContain('no problems in');
    expect(project.run('npx loki-alerts explain logql-syntax')).toContain('# ');
  });

  test('exports rules of modules in TypeScript', () => {
    project.write({
      'rules/own.ts': `import { highLogRate } from 'loki-alerts/rules';\nenum Severity { page = 'page' }\nexport const rules = highLogRate({ grafanaUrl: 'https://grafana.example.com' });\nexport const severity = Severity.page;\n`,
    });
    project.run('npx loki-alerts rules export --out yaml rules/own.ts');
    expect(readdirSync(join(project.folder, 'yaml'))).toEqual(['high-log-rate.yaml']);
  });

  test('leaves the home folder empty', () => {
    expect(project.home()).toEqual([]);
  });
});

/** Every check of the compiler that is off by default. */
const STRICT = {
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
};

const OPTIONS = {
  'ES modules, nodenext': { module: 'NodeNext', target: 'ES2022' },
  'ES modules, node16': { module: 'Node16', target: 'ES2022' },
  'ES modules, bundler': { module: 'ESNext', moduleResolution: 'Bundler', target: 'ES2022' },
};

describe('a project of ES modules', () => {
  let project: Consumer;

  beforeAll(() => {
    project = consumer({
      'package.json': packageJson({ ...PEERS, ...COMPILER }, { type: 'module' }),
      'main.ts': APP,
    });
    project.run('npm install');
  });

  test.each(Object.entries(OPTIONS))('%s: compiles with every strict check', (_, options) => {
    project.write({
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...STRICT, ...options, lib: ['ES2022'], types: ['node'] } }),
    });
    project.run('npx tsc');
    project.run('node main.js');
    expect(dist(project)).toEqual(CHARTS);
  });

  test.each([22, 24])('runs with Node %i', (major) => {
    const env = { PATH: pathWithNode(major) };
    expect(project.run('node --version', { env })).toMatch(new RegExp(`^v${major}\\.`));
    project.run('node main.js && npx loki-alerts check dist', { env });
    // Node itself runs TypeScript.
    project.run('node main.ts', { env });
  });

  test('gets the same classes by import and by require', () => {
    project.write({
      'same.mjs': `import { createRequire } from 'node:module';\nimport { LogAlerting } from 'loki-alerts';\nconsole.log(LogAlerting === createRequire(import.meta.url)('loki-alerts').LogAlerting);\n`,
    });
    expect(project.run('node same.mjs')).toBe('true\n');
  });
});

test.each([
  ['lowest', '2.68.12', '10.3.0'],
  ['newest', 'latest', 'latest'],
])('works with the %s versions of its peers', (_, cdk8s, constructs) => {
  const project = consumer({ 'package.json': packageJson({ cdk8s, constructs, ...COMPILER }), 'main.ts': APP });
  project.run('npm install');
  project.run('npx tsc --skipLibCheck --target es2022 --module node16 --types node main.ts && node main.js');
  expect(dist(project)).toEqual(CHARTS);
});

test('works with pnpm, which hides the dependencies of dependencies', () => {
  const project = consumer({
    'package.json': packageJson({ ...PEERS, ...COMPILER }),
    'main.ts': APP,
    'pnpm-workspace.yaml': 'storeDir: store\n',
  });
  const env = {
    XDG_DATA_HOME: join(project.folder, 'data'),
    XDG_STATE_HOME: join(project.folder, 'state'),
    XDG_CACHE_HOME: join(project.folder, 'cache'),
    XDG_CONFIG_HOME: join(project.folder, 'config'),
  };
  project.run('npx --yes pnpm@10 install', { env });
  project.run('npx tsc --target es2022 --module node16 --types node main.ts && node main.js');
  expect(dist(project)).toEqual(CHARTS);
  expect(project.home()).toEqual([]);
});

test('brings few packages, and no script', () => {
  const project = consumer({ 'package.json': packageJson({}) });
  project.run('npm install');
  const { packages } = JSON.parse(readFileSync(join(project.folder, 'package-lock.json'), 'utf8'));
  const installed = Object.entries<{ hasInstallScript?: boolean }>(packages).filter(([path]) => path !== '');
  expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  expect(installed.length).toBeLessThanOrEqual(40);
  expect(project.home()).toEqual([]);
});
