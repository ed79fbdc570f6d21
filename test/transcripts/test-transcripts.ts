import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRANSCRIPTS } from './list';
import { replayTranscript } from './transcript';

/** Defines a test for each selected transcript; with UPDATE_TRANSCRIPTS set, it rewrites them instead. */
export function testTranscripts(isSelected: (name: string) => boolean): void {
  test.each(TRANSCRIPTS.filter(isSelected))('%s', async (name) => {
    const path = join(__dirname, name);
    const text = readFileSync(path, 'utf8');
    const replayed = await replayTranscript(text);
    if (process.env.UPDATE_TRANSCRIPTS) writeFileSync(path, replayed);
    else expect(replayed).toBe(text);
  });
}
