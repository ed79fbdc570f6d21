import type { Figure, OnProgress, Subject } from './figure';
import { timed } from './timed-process';

export const tests: Subject = {
  name: 'test',
  description: 'npm test; a quarter of a minute',
  measure,
};

async function measure(tell: OnProgress): Promise<Figure[]> {
  tell('npm test');
  const { seconds, code, stderr } = await timed('npm', ['test']);
  const summary = /^Tests: +(.*)$/m.exec(stderr)?.[1] ?? 'no summary';
  const note = code === 0 ? summary : `exit code ${code}: ${summary}`;
  return [{ what: 'npm test', value: seconds, unit: 's', aim: { atMost: 20 }, note }];
}
