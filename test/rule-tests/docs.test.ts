import { readFileSync } from 'node:fs';

test('shows parts of the executed examples in docs/rule-tests.md', () => {
  const page = readFileSync('docs/rule-tests.md', 'utf8');
  const shown = [...page.matchAll(/```yaml (\S+)\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => ({ file, text }));

  expect(shown.length).toBeGreaterThan(4);
  // The page indents parts of a file less.
  const flush = (text: string) => text.replace(/^ +/gm, '').trim();
  for (const { file, text } of shown) expect(flush(readFileSync(file, 'utf8'))).toContain(flush(text));
});
