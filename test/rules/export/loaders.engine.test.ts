import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { quickLokiConfig, type RunningEngine, startLoki } from '../../../lib/engines';
import { type RuleObject, ruleObjects } from '../../../lib/rules/export/objects';
import type { RuleFile } from '../../../lib/rules/model';
import { readRules } from '../../../lib/rules/read';
import { withTenant } from '../../../lib/rules/tenant';
import { ruleFileToYaml } from '../../../lib/rules/write';
import { writeYaml } from '../../../lib/yaml/write';
import { lokiAlerts } from '../../support/cli';
import { tempFolder } from '../../support/temp-folder';
import { Sidecar } from './sidecar';

const folder = tempFolder();
const running: RunningEngine[] = [];
afterEach(async () => {
  for (const engine of running.splice(0)) await engine.stop();
});

/** Starts a Loki that loads the rules in `<path>/<tenant>`, as its chart configures it. */
async function lokiWithRules(path: string, multiTenant = false): Promise<RunningEngine> {
  mkdirSync(path, { recursive: true });
  const loki = await startLoki(({ dir }) =>
    quickLokiConfig({
      dir,
      multiTenant,
      ruler: { evaluation_interval: '1s', poll_interval: '1s', storage: { type: 'local', local: { directory: path } } },
    }),
  );
  running.push(loki);
  return loki;
}

/** Names of the rules that the ruler evaluates, by file and group. */
async function loaded(loki: RunningEngine, tenant?: string): Promise<string[]> {
  const headers: Record<string, string> = tenant === undefined ? {} : { 'X-Scope-OrgID': tenant };
  const answer = await fetch(`${loki.url}/prometheus/api/v1/rules`, { headers });
  const { data } = (await answer.json()) as {
    data: { groups: { name: string; file: string; rules: { name: string; query: string }[] }[] };
  };
  return data.groups.flatMap(({ file, name, rules }) => rules.map((rule) => `${file} ${name} ${rule.name}`)).sort();
}

async function until(holds: () => Promise<void>): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await holds();
    } catch (error) {
      if (i === 60) throw error;
      await sleep(250);
    }
  }
}

const alert = (name: string, padding = '') => ({
  alert: name,
  expr: `sum(count_over_time({app="web"} |= "<b> & 'c' ${padding}" [5m])) > 0`,
  labels: { severity: 'warning' },
  annotations: { summary: '{{ $value }} "errors"', description: 'two\nlines' },
  waive: [{ check: 'no-comparison', reason: 'a test' }],
});

const web: RuleFile = {
  name: 'web.yaml',
  groups: [
    { name: 'errors', interval: '1s', limit: 5, rules: [alert('Errors')] },
    { name: 'mixed', rules: [{ record: 'app:lines:rate5m', expr: 'sum(rate({app="web"}[5m]))' }, alert('Mixed')] },
  ],
};

const large: RuleFile = {
  name: 'large.yaml',
  groups: Array.from({ length: 30 }, (_, g) => ({
    name: `g${String(g).padStart(2, '0')}`,
    rules: Array.from({ length: 20 }, (_, r) => alert(`L${g}x${r}`, '>'.repeat(60))),
  })),
};

test('k8s-sidecar and a ruler with local storage load the ConfigMaps, of any number of parts and tenants', async () => {
  const loki = await lokiWithRules(join(folder.path, 'rules'), true);
  const shop = withTenant({ ...web }, 'shop');
  const objects = ruleObjects([web, large, shop], { as: 'configmap', namespace: 'loki', tenant: 'ops' });
  // /rules/fake is what users set for a Loki without tenants; the annotation must not be relative to it.
  const sidecar = new Sidecar({ folder: '/rules/fake' }, folder.path);
  for (const { object } of objects) sidecar.process(throughYaml(object));

  const expected = ['web.yaml errors Errors', 'web.yaml mixed Mixed', 'web.yaml mixed app:lines:rate5m'];
  await until(async () => expect(await loaded(loki, 'shop')).toEqual(expected));
  const ops = await loaded(loki, 'ops');
  expect(objects.length).toBeGreaterThan(3);
  expect(ops.filter((rule) => rule.startsWith('web.yaml'))).toEqual(expected);
  expect(ops).toHaveLength(3 + 600);
});

test('a group that grows out of its part leaves no ConfigMap without its file', async () => {
  const loki = await lokiWithRules(join(folder.path, 'rules'));
  const sidecar = new Sidecar({ folder: '/rules' }, folder.path);
  const target = { as: 'configmap' } as const;
  for (const { object } of ruleObjects([web, { ...large, groups: large.groups.slice(0, 5) }], target))
    sidecar.process(object);
  await until(async () => expect(await loaded(loki)).toHaveLength(3 + 100));

  // The sidecar receives changes in any order.
  for (const { object } of ruleObjects([web, large], target).reverse()) sidecar.process(object);
  await until(async () => expect(await loaded(loki)).toHaveLength(3 + 600));
});

test.each(['alertingrule', 'prometheusrule'] as const)('Loki loads the groups of each %s', async (as) => {
  const objects = ruleObjects([web, large], {
    as,
    ...(as === 'alertingrule' ? { tenant: 'application' } : {}),
  } as never);
  // The operator and Alloy give Loki the groups of each object as a rule file of their own.
  for (const { object } of objects) {
    const [file] = readRules(writeYaml(object), 'rules.yaml');
    if (file) folder.write(`rules/fake/${object.kind}-${object.metadata.name}.yaml`, ruleFileToYaml(file));
  }
  const loki = await lokiWithRules(join(folder.path, 'rules'));
  await until(async () => expect(await loaded(loki)).toHaveLength(3 + 600));
});

test('Loki loads the exported files', async () => {
  folder.write('web.yaml', ruleFileToYaml(web));
  expect(await lokiAlerts(['rules', 'export', 'web.yaml', '--out', 'rules', '--tenant', 'shop'], folder.path)).toEqual({
    status: 0,
    stdout: 'rules/shop/web.yaml\n',
    stderr: '',
  });
  const loki = await lokiWithRules(join(folder.path, 'rules'), true);
  await until(async () => expect(await loaded(loki, 'shop')).toHaveLength(3));
});

/** The object as kubectl reads it. */
function throughYaml(object: RuleObject): RuleObject {
  return parseAllDocuments(writeYaml(object))[0]?.toJS();
}
