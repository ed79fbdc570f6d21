import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { readManifests } from '../../lib/lint/inputs';
import { readForeign } from '../../lib/migrate/read';
import { readNotificationConfig } from '../../lib/rule-tests/notification-config';
import { readRuleFiles } from '../../lib/rules/read';
import { loadText } from '../../lib/yaml/load';

const ROUTES = 'route:\n  receiver: team\nreceivers:\n  - name: team\ntemplates: [/etc/alertmanager/*.tmpl]\n';
const MISROUTED = ROUTES.replace('receiver: team', 'receiver: missing');
const TEMPLATE = '{{ define "title" }}x{{ end }}';
const RULES =
  'groups:\n  - name: g\n    rules:\n      - { alert: Flood, expr: \'sum by (app) (rate({app="x"}[5m])) > 1\' }\n';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const gzipped = (text: string) => gzipSync(text).toString('base64');
const object = (kind: string, fields: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'n' }, ...fields });
const files = (encode = (text: string) => text, ending = '') => ({
  [`alertmanager.yaml${ending}`]: encode(ROUTES),
  [`flood.yaml${ending}`]: encode(RULES),
  [`title.tmpl${ending}`]: encode(TEMPLATE),
});
const data = object('ConfigMap', { data: files() });

/** Manifests with the same rules, routes and templates. */
const MANIFESTS: Readonly<Record<string, string>> = {
  'data of a ConfigMap': stringify(data),
  'binaryData of a ConfigMap': stringify(object('ConfigMap', { binaryData: files(base64) })),
  'stringData of a Secret': stringify(object('Secret', { stringData: files() })),
  'data of a Secret': stringify(object('Secret', { data: files(base64) })),
  'gzipped data of a Secret': stringify(object('Secret', { data: files(gzipped, '.gz') })),
  'an immutable Secret whose stringData overrides its data': stringify(
    object('Secret', { immutable: true, data: files(() => base64('route: {}')), stringData: files() }),
  ),
  'a List': stringify({ apiVersion: 'v1', kind: 'List', items: [object('Namespace', {}), data] }),
  'a List in a List': stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'ConfigMapList', items: [data] }],
  }),
  'a second document': `---\n${stringify(object('Namespace', {}))}---\n${stringify(data)}`,
  'a value that is an alias': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: &text n }\ndata:\n  a: &routes ${JSON.stringify(ROUTES)}\n  alertmanager.yaml: *routes\n  flood.yaml: ${JSON.stringify(RULES)}\n  title.tmpl: ${JSON.stringify(TEMPLATE)}\n`,
  JSON: JSON.stringify(data),
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loki-alerts-objects-'));
  path = join(folder, 'manifest.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(MANIFESTS))('%s', (_name, text) => {
  beforeEach(() => writeFileSync(path, text));

  test('check reads rules, routes and templates', () => {
    const { rules, routes } = readManifests([path]);
    expect(rules.map(({ file }) => file.name)).toEqual(['flood.yaml']);
    expect(new Set(routes.map(({ config }) => config?.route.receiver))).toEqual(new Set(['team']));
    expect(routes.at(-1)?.templates.map(({ text: template }) => template)).toEqual([TEMPLATE]);
  });

  test('test reads rules, routes and templates', () => {
    const { config, templates } = readNotificationConfig(path);
    expect(config.route.receiver).toBe('team');
    expect(Object.values(templates)).toEqual([TEMPLATE]);
    expect(readRuleFiles([path]).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))).toMatchObject([
      { alert: 'Flood' },
    ]);
  });

  test('migrate reads rules, routes and templates', () => {
    const source = loadText(path);
    if ('id' in source) throw new Error(source.problem);
    const found = readForeign(source);
    expect(found.rules.map(({ name }) => name)).toEqual(['flood.yaml']);
    expect(new Set(found.alertmanager.map((one) => one.text))).toEqual(new Set([ROUTES]));
    expect(found.templates.map((one) => one.text)).toEqual([TEMPLATE]);
    expect(found.unreadable).toEqual([]);
  });
});

test.each([
  ['plain text: its line', { stringData: { 'alertmanager.yaml': MISROUTED } }, 8],
  ['base64: the line of the whole value', { data: { 'alertmanager.yaml': base64(MISROUTED) } }, 6],
])('reports the place of a finding in %s', (_name, fields, line) => {
  writeFileSync(path, stringify(object('Secret', fields)));
  const findings = readManifests([path]).findings.filter(({ problem }) => problem.includes('"missing"'));
  expect(findings).toMatchObject([{ place: { file: expect.stringMatching(/manifest\.yaml$/), line } }]);
});

test('reports the place of an invalid template in the manifest', () => {
  const broken = { ...files(), 'title.tmpl': '{{ define "a" }}\n{{ end' };
  writeFileSync(path, stringify(object('ConfigMap', { data: broken })));
  const findings = readManifests([path]).findings.filter(({ id }) => id === 'template-syntax');
  expect(findings).toMatchObject([{ place: { line: 19, column: 10 } }]);
});
