import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

test('every check has its section in the docs, and every section its check', () => {
  const folder = join(ROOT, 'lib/alertmanager');
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const checks = code.match(/(?<=(?:id: |report\.(?:error|warning)\(\s*)')[a-z]+(?:-[a-z]+)+(?=')/g) ?? [];
  const page = readFileSync(join(ROOT, 'docs/checks/alertmanager.md'), 'utf8');
  const sections = page.match(/(?<=^## ).*$/gm) ?? [];
  expect([...new Set(checks)].sort()).toEqual([...sections].sort());
});
