import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../lib/cli/main';
import { TRANSCRIPTS } from './list';
import { testTranscripts } from './test-transcripts';
import { exitCodesOf } from './transcript';

// Otherwise, commands without an address or credentials would use those of the developer's own Loki.
for (const name of Object.keys(process.env)) if (name.startsWith('LOKI_')) delete process.env[name];

testTranscripts((name) => !name.endsWith('.engine.txtar'));

const commands = TRANSCRIPTS.flatMap((name) => exitCodesOf(readFileSync(join(__dirname, name), 'utf8')));

test.each(program(process).commands.map((command) => command.name()))(
  '%s has transcripts of success and failure',
  (name) => {
    const codes = commands.filter(({ args }) => args[0] === name && !args.includes('--help')).map(({ code }) => code);
    // A running Loki has different logs each time, so the success of these is tested elsewhere.
    const success = ['replay', 'history'].includes(name) ? [] : [0];
    expect(codes).toEqual(expect.arrayContaining([...success, 2]));
  },
);
