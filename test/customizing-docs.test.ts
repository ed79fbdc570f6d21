import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byteQuantity } from '../lib/kubernetes/quantity';
import { MIN_MEMORY, MIN_MEMORY_WITH_REPLAY } from '../lib/loki/memory';
import { PODS_NAMES } from '../lib/stack/pods';
import { checkLogAlertingOptions } from '../lib/stack/validate-props';
import { EVERYTHING, PRODUCTION, PROPS, synthObjects } from './manifests/synth';

const text = readFileSync(join(__dirname, '../docs/customizing.md'), 'utf8');
const snippets = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

/** Snippets about targets are for a distributed Loki. */
const stackOf = (code: string) => (code.includes("'loki-") ? EVERYTHING : PRODUCTION);

test.each(snippets.map((code) => [code.split('\n').slice(0, 2).join(' '), code]))('%s', (_, code) => {
  const options = new Function(`return { ${code} };`)() as object;
  const props = { ...stackOf(code), ...options };

  expect(checkLogAlertingOptions({ ...PROPS, ...props })).toEqual([]);
  expect(synthObjects(props)).not.toEqual(synthObjects(stackOf(code)));
});

test('every component is named, and figures are those of the code', () => {
  expect(snippets).toHaveLength(3);
  expect(PODS_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const [least, withReplay] = [MIN_MEMORY, MIN_MEMORY_WITH_REPLAY].map((bytes) =>
    byteQuantity(bytes).replace('Mi', ' MiB'),
  );
  expect(text).toContain(`| ${least}; ${withReplay} with a write-ahead log |`);
});
