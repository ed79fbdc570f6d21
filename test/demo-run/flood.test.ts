import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

test('Ctrl-C ends a flood without an error, although its folder is removed first', async () => {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'interrupted-flood.ts')]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child.stdout, 'data');
  child.kill('SIGINT');

  expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
  expect(stderr).toBe('');
});
