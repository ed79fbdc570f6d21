import { phrasesIn } from '../../scripts/phrases';

const phrases = (text: string) => phrasesIn(text).map(({ line, phrase }) => [line, phrase]);

test('finds a phrase with its line', () => {
  expect(phrases('fine\n"1.5m" is no duration')).toEqual([[2, 'is no duration']]);
});

test.each([
  ['/** Whether it runs. */'],
  ['/**\n * What a test got.\n */'],
  ['it tells people'],
  ['who hears of it'],
  ['the name stands here'],
  ['nobody reads it'],
  ['a credential belongs into a Secret'],
  ['Alertmanager knows no field'],
  ['a\n<<<<<<< HEAD\nb'],
])('finds %j', (text) => {
  expect(phrases(text)).toHaveLength(1);
});

test.each([
  ['there is no Loki'],
  ['is no longer read'],
  ['/** True if it runs. */'],
  ['/** Returns what a test got. */'],
])('accepts %j', (text) => {
  expect(phrases(text)).toEqual([]);
});
