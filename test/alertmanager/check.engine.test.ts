import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { toYaml } from '../../lib/alertmanager/write';
import { type Engine, findEngine } from '../../lib/engines';
import { formatFinding } from '../../lib/findings';
import { refusals } from './amtool';
import { mutated, routingConfig } from './arbitrary';
import { refused } from './cases';
import { findingsOf, isAccepted } from './verdict';

const EVERYTHING = readFileSync(join(__dirname, 'everything.yml'), 'utf8');
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

let amtool: Engine;

beforeAll(async () => {
  amtool = await findEngine('amtool');
});

/** Where amtool and this project differ: the lines that `EVERYTHING` has not, and what each says. */
async function differences(texts: readonly string[]): Promise<object[]> {
  const refused = await refusals(amtool, texts);
  return texts.flatMap((text, index) =>
    isAccepted(text) === (refused[index] === undefined)
      ? []
      : [
          {
            text: text.split('\n').filter((line) => !EVERYTHING.includes(`\n${line}\n`)),
            amtool: refused[index] ?? 'accepted',
            here: findingsOf(text).map(formatFinding),
          },
        ],
  );
}

test('the config with everything is accepted by both', async () => {
  expect(await differences([EVERYTHING])).toEqual([]);
  expect(isAccepted(EVERYTHING)).toBe(true);
});

test('what is listed as refused is refused by both', async () => {
  const texts = Object.values(refused).flatMap((cases) => cases.map(({ yaml }) => yaml));
  expect(await differences(texts)).toEqual([]);
  expect(texts.filter(isAccepted)).toEqual([]);
});

test('configs with one or two changes get the same verdict', async () => {
  expect(await differences(fc.sample(mutated(EVERYTHING), RUNS))).toEqual([]);
});

test('amtool accepts every config that is written here', async () => {
  const texts = fc.sample(routingConfig, RUNS).map(toYaml);
  expect((await refusals(amtool, texts)).filter((refusal) => refusal !== undefined)).toEqual([]);
});
