// Run by interruption.engine.test.ts: starts Loki, prints where, and ends as its argument says.
import { quickLokiConfig, startLoki } from '../../lib/engines';

async function main(end: string | undefined): Promise<void> {
  const { pid, dir } = await startLoki((place) => quickLokiConfig(place));
  console.log(JSON.stringify({ pid, dir }));
  if (end === 'exit') process.exit(3);
  if (end === 'throw') setTimeout(() => JSON.parse('{'), 0);
}

main(process.argv[2]);
