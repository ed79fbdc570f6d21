import type { OnProgress } from '../lib/engines';
import type { Figure, Subject } from './figure';
import { timed } from './timed-process';

export const tests: Subject = {
  name: 'test',
  description: 'duration of npm test; 15 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  onProgress('npm test');
  const { seconds, code, stderr } = await timed('npm', ['test']);
  const summary = /^Tests: +(.*)$/m.exec(stderr)?.[1] ?? 'no summary';
  const note = code === 0 ? summary : `exit code ${code}: ${summary}`;
  return [{ what: 'npm test', value: seconds, unit: 's', aim: { atMost: 20 }, note }];
}
