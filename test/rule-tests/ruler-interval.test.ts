import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rulerInterval, usesDefaultInterval } from '../../lib/rule-tests/ruler-interval';
import { readRules } from '../../lib/rules/read';

const dir = mkdtempSync(join(tmpdir(), 'ruler-interval-'));
afterAll(() => rmSync(dir, { recursive: true }));

const config = (interval: string) => `auth_enabled: false\nruler:\n  evaluation_interval: ${interval}\n`;
const object = (kind: string, data: object) =>
  JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'loki' }, data });
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The interval in files of these contents. */
function intervalIn(...texts: string[]): string | undefined {
  const files = texts.map((text, i) => {
    writeFileSync(join(dir, `${i}.yaml`), text);
    return `${i}.yaml`;
  });
  return rulerInterval(files, dir)?.interval;
}

test.each([
  ["Loki's own file", config('15s'), '15s'],
  ['a Go duration', config('1m30.5s'), '1m30s500ms'],
  ['a ConfigMap', object('ConfigMap', { 'config.yaml': config('30s') }), '30s'],
  ['a Secret', object('Secret', { 'loki.yaml': base64(config('45s')) }), '45s'],
  ['a list', `{"kind": "List", "apiVersion": "v1", "items": [${object('ConfigMap', { x: config('20s') })}]}`, '20s'],
  ['no ruler', object('ConfigMap', { 'config.yaml': 'auth_enabled: false\n' }), undefined],
  ['an invalid interval', config('soon'), undefined],
  ['another file', 'evaluation_interval: 15s\nruler: {}\n', undefined],
  ['invalid YAML', 'ruler: [', undefined],
])('is read from %s', (_, text, interval) => {
  expect(intervalIn(text)).toBe(interval);
});

test('is unknown if files set different ones', () => {
  expect(intervalIn(config('15s'), config('15s'))).toBe('15s');
  expect(intervalIn(config('15s'), config('30s'))).toBeUndefined();
});

test('only matters to groups with alerts and without an interval', () => {
  const uses = (group: string) => usesDefaultInterval(readRules(`groups: [{ name: g, ${group} }]`, 'rules.yaml'));
  const alert = `{ alert: A, expr: 'sum(rate({app="a"}[1m])) > 0' }`;
  expect(uses(`rules: [${alert}]`)).toBe(true);
  expect(uses(`interval: 1m, rules: [${alert}]`)).toBe(false);
  expect(uses(`rules: [{ record: a:b, expr: 'sum(rate({app="a"}[1m]))' }]`)).toBe(false);
});
