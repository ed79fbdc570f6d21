import { dependencies, devDependencies, version } from '../../package.json';

/** Runs TypeScript without a type check, which takes longer than the rest of a synthesis; `npm test` checks types. */
export const APP_COMMAND = 'node --import tsx main.ts';

/** Oldest Node that has `--import` with the hooks that tsx needs. */
const NODE = '>=20.6';

/** Packages that an app needs beside this library, in the versions that the library is tested with. */
const PACKAGES = ['cdk8s', 'cdk8s-cli', 'constructs', 'tsx', 'typescript'] as const;

export interface ProjectProps {
  /** Name of the npm package. */
  readonly name: string;
  /** Version, file or URL of this library. */
  readonly library: string;
  /** Markdown on what the app needs in the cluster. */
  readonly setup: string;
  /** True if the app imports modules of Node, for whose types it needs a package. @default false */
  readonly usesNode?: boolean;
}

/** Returns the texts of the files around an app that is an npm project of its own. */
export function projectFiles({ name, library, setup, usesNode = false }: ProjectProps): Record<string, string> {
  return {
    'package.json': json(packageJson(name, library, [...PACKAGES, ...(usesNode ? ['@types/node'] : [])])),
    'tsconfig.json': json(TSCONFIG),
    'cdk8s.yaml': CDK8S,
    '.gitignore': 'node_modules/\n',
    '.github/workflows/check.yml': WORKFLOW,
    'README.md': readme(name, setup),
  };
}

function packageJson(name: string, library: string, needed: readonly string[]): object {
  const versions: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
  const packages = Object.fromEntries(needed.map((each) => [each, versions[each]]));
  return {
    name,
    version: '1.0.0',
    private: true,
    engines: { node: NODE },
    scripts: { synth: 'cdk8s synth', test: 'tsc && loki-alerts verify' },
    devDependencies: Object.fromEntries(
      Object.entries({ ...packages, 'loki-alerts': library }).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'Node16',
    moduleResolution: 'Node16',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['**/*.ts'],
  exclude: ['node_modules'],
};

const CDK8S = `language: typescript
# Without a type check, so that synthesis is fast; \`npm test\` checks types.
app: ${APP_COMMAND}
output: dist
# Checks the manifests of all charts of this app, also of those that you add.
validations:
  - package: ./node_modules/loki-alerts
    version: ${version}
    class: LokiAlerts
`;

const WORKFLOW = `name: Check
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22, cache: npm }
      # Rule tests run on a real Loki, which is built once per version.
      - uses: actions/setup-go@v5
        with: { go-version: stable, cache: false }
      - uses: actions/cache@v4
        with:
          path: ~/.cache/loki-alerts
          key: engines-\${{ runner.os }}-\${{ hashFiles('package-lock.json') }}
      - run: npm ci
      - run: npx tsc
      - run: npx loki-alerts verify --format github
`;

function readme(name: string, setup: string): string {
  return `# ${name}

Alerts on logs in Kubernetes, with [cdk8s](https://cdk8s.io) and loki-alerts: \`main.ts\` describes the stack, \`rules/\` has
its own rules with their tests, and \`dist/\` the manifests, which are committed.

| command | purpose |
|---|---|
| \`npm run synth\` | write \`dist/\`; errors in rules, routes and options stop it |
| \`npm test\` | check types, that \`dist/\` is what the app writes, and the rules; run the rule tests on a real Loki |
| \`npx loki-alerts test rules --watch\` | rerun the rule tests after each change |
| \`npx loki-alerts explain <check>\` | explain a finding |
| \`kubectl apply -f dist\` | install or update |

The rule tests use a Loki that is installed, runs in Docker, or is built once with Go, in about ten minutes.

## In the cluster

${setup}`;
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
