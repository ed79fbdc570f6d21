import { readFileSync } from 'node:fs';

test('what the page shows is what the examples hold, and the examples are run', () => {
  const page = readFileSync('docs/rule-tests.md', 'utf8');
  const shown = [...page.matchAll(/```yaml (\S+)\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => ({ file, text }));

  expect(shown.length).toBeGreaterThan(4);
  for (const { file, text } of shown) expect(readFileSync(file, 'utf8')).toContain(text);
});
