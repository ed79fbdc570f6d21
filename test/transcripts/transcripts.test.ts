import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../lib/cli/main';
import { TRANSCRIPTS } from './list';
import { testTranscripts } from './test-transcripts';
import { answersOf } from './transcript';

// The address and the credentials of a developer's own Loki would answer where a transcript gives none.
for (const name of Object.keys(process.env)) if (name.startsWith('LOKI_')) delete process.env[name];

testTranscripts((name) => !name.endsWith('.engine.txtar'));

const shown = TRANSCRIPTS.flatMap((name) => answersOf(readFileSync(join(__dirname, name), 'utf8')));

test.each(program(process).commands.map((command) => command.name()))('%s is shown at work and in failure', (name) => {
  const codes = shown.filter(({ args }) => args[0] === name && !args.includes('--help')).map(({ code }) => code);
  // A running Loki has other logs each time, so `replay` at work is a test of its own.
  const atWork = name === 'replay' ? [] : [0];
  expect(codes).toEqual(expect.arrayContaining([...atWork, 2]));
});
