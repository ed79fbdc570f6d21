import { globSync } from 'tinyglobby';

/** File names of the transcripts in this folder. */
export const TRANSCRIPTS = globSync('*.txtar', { cwd: __dirname }).sort();
