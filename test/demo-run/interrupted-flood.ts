/** Program of flood.test.ts: floods a file in a temporary folder until Ctrl-C. */
import { join } from 'node:path';
// Waits for the end of the process too, as in the demo.
import 'proper-lockfile';
import { startFlood } from '../../lib/demo-run/flood';
import { makeTempFolder } from '../../lib/engines/cleanup';

startFlood(join(makeTempFolder(), 'pods', '0.log'), 1000);
process.stdout.write('started\n');
// Keeps the process busy when the signal arrives, so that timers are due after the folder is gone.
setInterval(() => {
  const until = Date.now() + 60;
  while (Date.now() < until);
}, 1);
