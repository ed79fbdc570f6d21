import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Consumer, consumer, packageJson, VERSIONS } from './consumer';

const FIXTURE = join(__dirname, '../migrate/fixtures/loki-stack');

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

test('migrate writes nothing to a folder in which the app would not find the library, and suggests another', () => {
  const elsewhere = consumer({});
  const out = join(elsewhere.folder, 'my-alerts');

  expect(project.run(`npx loki-alerts migrate ${FIXTURE} --out ${out}`, { expected: 2 })).toContain(
    `use a folder in ${project.folder}`,
  );
  expect(existsSync(out)).toBe(false);
});
