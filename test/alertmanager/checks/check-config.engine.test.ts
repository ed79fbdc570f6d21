import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../../../lib/alertmanager/config/write';
import { formatFinding } from '../../../lib/checks/findings';
import { type Engine, findEngine } from '../../../lib/engines';
import fc from '../../support/properties';
import { refusals } from '../amtool';
import { mutated, routingConfig } from '../arbitrary';
import { invalidConfigs } from '../cases';
import { findingsOf, loadErrors } from '../verdict';

const EVERYTHING = readFileSync(join(__dirname, '../everything.yml'), 'utf8');
/** Fixed samples, or `FUZZ_RUNS` random ones. */
const sampling = process.env.FUZZ_RUNS ? { numRuns: Number(process.env.FUZZ_RUNS) } : { numRuns: 300, seed: 1 };

let amtool: Engine;

beforeAll(async () => {
  amtool = await findEngine('amtool');
});

/** Texts on which amtool and this project differ: their lines that are not in `EVERYTHING`, and both verdicts. */
async function differences(texts: readonly string[]): Promise<object[]> {
  const refused = await refusals(amtool, texts);
  return texts.flatMap((text, index) =>
    (loadErrors(text, amtool.version).length === 0) === (refused[index] === undefined)
      ? []
      : [
          {
            text: text.split('\n').filter((line) => !EVERYTHING.includes(`\n${line}\n`)),
            amtool: refused[index] ?? 'accepted',
            here: loadErrors(text, amtool.version).map(formatFinding),
          },
        ],
  );
}

test('both accept the config with everything', async () => {
  expect(await differences([EVERYTHING])).toEqual([]);
  expect(loadErrors(EVERYTHING)).toEqual([]);
});

test('both reject the invalid configs', async () => {
  const texts = Object.values(invalidConfigs).flatMap((cases) => cases.map(({ yaml }) => yaml));
  expect(await differences(texts)).toEqual([]);
  expect(texts.filter((text) => loadErrors(text).length === 0)).toEqual([]);
});

test('both agree on configs with one or two changes', async () => {
  // An empty list item is always an error here, but not in Alertmanager.
  const hasEmptyItem = (text: string) => findingsOf(text).some(({ id }) => id === 'alertmanager-empty-item');
  const texts = fc.sample(mutated(EVERYTHING), sampling).filter((text) => !hasEmptyItem(text));
  expect(await differences(texts)).toEqual([]);
});

test('amtool accepts every generated config', async () => {
  const texts = fc.sample(routingConfig, sampling).map(toYaml);
  expect((await refusals(amtool, texts)).filter((refusal) => refusal !== undefined)).toEqual([]);
});
