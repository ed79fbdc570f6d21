import { testTranscripts } from './test-transcripts';

testTranscripts((name) => name.endsWith('.engine.txtar'));
