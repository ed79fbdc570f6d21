import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRANSCRIPTS } from './list';
import { replayTranscript } from './transcript';

/** A test for each of these transcripts; with UPDATE_TRANSCRIPTS set, they are written anew instead. */
export function testTranscripts(isMeant: (name: string) => boolean): void {
  test.each(TRANSCRIPTS.filter(isMeant))('%s', async (name) => {
    const path = join(__dirname, name);
    const text = readFileSync(path, 'utf8');
    const replayed = await replayTranscript(text);
    if (process.env.UPDATE_TRANSCRIPTS) writeFileSync(path, replayed);
    else expect(replayed).toBe(text);
  });
}
