// Starts Loki, says where, and ends in the way that its argument names: what interruption.engine.test.ts runs.
import { quickLokiConfig, startLoki } from '../../lib/engines';

async function main(end: string | undefined): Promise<void> {
  const { pid, dir } = await startLoki((place) => quickLokiConfig(place));
  console.log(JSON.stringify({ pid, dir }));
  if (end === 'exit') process.exit(3);
  if (end === 'throw') setTimeout(() => JSON.parse('{'), 0);
}

main(process.argv[2]);
