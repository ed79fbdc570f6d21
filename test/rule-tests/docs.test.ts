import { readFileSync } from 'node:fs';

test('what the page shows is what the examples hold, and the examples are run', () => {
  const page = readFileSync('docs/rule-tests.md', 'utf8');
  const shown = [...page.matchAll(/```yaml (\S+)\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => ({ file, text }));

  expect(shown.length).toBeGreaterThan(4);
  // A part of a file stands further left in the page.
  const flush = (text: string) => text.replace(/^ +/gm, '').trim();
  for (const { file, text } of shown) expect(flush(readFileSync(file, 'utf8'))).toContain(flush(text));
});
