import { resolveRoute } from '../../../lib/alertmanager/config/routes';
import { toYaml } from '../../../lib/alertmanager/config/write';
import { type Engine, findEngine } from '../../../lib/engines';
import fc from '../../support/properties';
import { receivers } from '../amtool';
import { labels, routingConfig } from '../arbitrary';

let amtool: Engine;

beforeAll(async () => {
  amtool = await findEngine('amtool');
});

test('resolves routes as amtool does, on generated trees', async () => {
  await fc.assert(
    fc.asyncProperty(routingConfig, fc.array(labels, { minLength: 6, maxLength: 6 }), async (config, sets) => {
      const expected = await receivers(amtool, toYaml(config), sets);
      expect(sets.map((set) => resolveRoute(config, set))).toEqual(expected);
    }),
    process.env.FUZZ_RUNS ? { numRuns: Number(process.env.FUZZ_RUNS) } : { numRuns: 60, seed: 1 },
  );
});
