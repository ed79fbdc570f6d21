import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Consumer, consumer, packageJson, packedPackage, VERSIONS } from './consumer';

const FIXTURE = join(__dirname, '../migrate/fixtures/loki-stack');
/** With templates, which main.ts reads. */
const OPERATOR = join(__dirname, '../migrate/fixtures/operator');

let project: Consumer;
beforeAll(() => {
  project = consumer({ 'package.json': packageJson({ 'cdk8s-cli': VERSIONS['cdk8s-cli'] ?? '' }) });
  project.run('npm install');
});

test('migrate writes an app to any folder of the project, and the command that it names synthesizes it', () => {
  const output = project.run(`npx loki-alerts migrate ${FIXTURE} --out apps/my-alerts`);
  const [, next = ''] = /^Next: .*(cd \S+ && .*?);/m.exec(output) ?? [];

  expect(next).toBe('cd apps/my-alerts && npm install tsx && npx cdk8s synth');
  expect(readFileSync(join(project.folder, 'apps/my-alerts/cdk8s.yaml'), 'utf8')).toContain(
    'app: node --import tsx main.ts',
  );
  project.run(next);
  expect(readdirSync(join(project.folder, 'apps/my-alerts/dist'))).toContain('logging.k8s.yaml');
});

test('the app synthesizes in a project with ES modules', () => {
  const ofModules = consumer({
    'package.json': packageJson(
      { 'cdk8s-cli': VERSIONS['cdk8s-cli'] ?? '', tsx: VERSIONS.tsx ?? '' },
      { type: 'module' },
    ),
  });
  ofModules.run('npm install');
  ofModules.run(`npx loki-alerts migrate ${OPERATOR} --out alerts`);

  ofModules.run('cd alerts && npx cdk8s synth');
  expect(readdirSync(join(ofModules.folder, 'alerts/dist'))).toContain('logging.k8s.yaml');
});

test('migrate writes an npm project to a folder in which the app would not find the library', () => {
  const elsewhere = consumer({});
  const out = join(elsewhere.folder, 'my-alerts');
  const output = project.run(`npx loki-alerts migrate ${OPERATOR} --out ${out} --package ${packedPackage()}`);
  const [, next = ''] = /^Next: .*(cd \S+ && .*?);/m.exec(output) ?? [];

  expect(next).toBe(`cd ${out} && npm install && npm run synth`);
  elsewhere.run(next);
  elsewhere.run(`cd ${out} && npx tsc && npx loki-alerts verify --no-tests`);
  expect(readdirSync(join(out, 'dist'))).toContain('logging.k8s.yaml');
});
