import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { consumer, packedPackage } from './consumer';

test('an app of init installs, synthesizes with the plugin, checks its types, and verifies', () => {
  const project = consumer({});
  const run = (command: string, expected?: number) => project.run(`cd alerting && ${command}`, { expected });
  project.run(
    `npm exec --yes --package=file:${packedPackage()} -- loki-alerts init alerting --package file:${packedPackage()}`,
  );
  run('npm install');

  expect(run('npx loki-alerts verify --no-tests', 1)).toContain('[dist-stale]');
  expect(run('npm run synth')).toContain('Validations ended');
  expect(readdirSync(join(project.folder, 'alerting/dist'))).toContain('logging.k8s.yaml');
  run('npx tsc');
  expect(run('npx loki-alerts verify --no-tests')).toMatch(/^no problems in /m);
});
