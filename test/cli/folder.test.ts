import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, formatMessage } from '../../lib/checks/findings';
import { checkInputs, readPaths } from '../../lib/lint/inputs';
import { NO_PROGRESS } from '../../lib/lint/progress';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import type { ScanFilesOptions } from '../../lib/rules/read';
import { readRuleFiles } from '../../lib/rules/read';
import { tempFolder } from '../support/temp-folder';

const RULE = `{alert: A, expr: 'sum(rate({app="x"} |= "e" [5m])) > 1'}`;
const RULES = `groups: [{name: g, rules: [${RULE}]}]\n`;
const PROMQL = 'groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]\n';
const BROKEN =
  'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: rate({app="x"}[5m]) > 1\n    annotations:\n      a: {{ $labels.app }} is down\n      b: {{ $labels.app }} is down\n';

const BROKEN_QUERY = RULES.replace('rate(', 'rat(');
const RULES_IN_JSON = '{"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "rat({app=\\"x\\"}[5m]) > 1"}]}]}';
const escaped = (text: string) => `"\\x${text.charCodeAt(0).toString(16)}${text.slice(1)}"`;

const folder = tempFolder();
const { write } = folder;

function checkPaths(paths: string[], options: ScanFilesOptions = {}) {
  const inputs = readPaths(paths, NO_PROGRESS, { cwd: folder.path, gitignore: true, ...options });
  const show = ({ id, place }: Pick<Finding, 'id' | 'place'>) => `${id} ${place?.file}`;
  return {
    rules: inputs.rules.map(({ file }) => file.name),
    findings: checkInputs(inputs, { separateFolders: true }).map(show),
    notes: inputs.notes.map(show),
  };
}
const check = (options: ScanFilesOptions = {}) => checkPaths([folder.path], options);

const configMap = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  r.yaml: |\n${text.replace(/^/gm, '    ')}\n`;

/** Files without rules or routes. */
const UNRELATED: readonly (readonly [string, string | Buffer])[] = [
  ['a Helm template', '{{- if .Values.rules }}\ngroups:\n- name: g\n  rules: [{alert: A, expr: up}]\n{{- end }}'],
  ['a Jinja template', 'groups:\n{% for host in hosts %}\n- rules:\n  - {alert: A, expr: up}\n{% endfor %}'],
  ['a template that is valid YAML', 'route:\n  receiver: {{ .Values.receiver }}\n'],
  ['comments', '# nothing\n'],
  ['an empty file', ''],
  ['values with a route', 'route: {enabled: true, host: a}\n'],
  ['a manifest of the OpenTelemetry Collector builder', 'dist: {name: x}\nreceivers: [{gomod: a v1}]\n'],
  [
    'a Grafana provisioning file',
    'apiVersion: 1\ngroups: [{orgId: 1, name: g, folder: f, rules: [{uid: u, data: []}]}]\n',
  ],
  ['other YAML', 'groups: [{name: admins, members: [a]}]\n'],
  ['invalid YAML', 'a: b: c\n'],
  ['a binary file', Buffer.concat([Buffer.from('groups: '), Buffer.from([0, 1, 2])])],
  [
    'an AlertmanagerConfig',
    'apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nspec: {route: {receiver: a}}\n',
  ],
  [
    'an alias bomb',
    `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}groups: *a40\n`,
  ],
];

const ROUTES = 'global: {}\nroute:\n  receiver: none\nreceivers: []\n';
const objectOf = (kind: string, data: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'c' }, data });
const inConfigMap = objectOf('ConfigMap', { 'r.yaml': BROKEN_QUERY });
const inSecret = objectOf('Secret', { 'r.yaml': Buffer.from(BROKEN_QUERY).toString('base64') });

/** Spellings of rules and routes that a search for keys in the text could miss. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['a ConfigMap in JSON', JSON.stringify(inConfigMap, null, 2)],
  ['a Secret in JSON', JSON.stringify(inSecret)],
  ['a List in JSON', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [inConfigMap] })],
  ['a ConfigMap in JSON after another object', `{"kind": "Namespace"}\n---\n${JSON.stringify(inConfigMap)}`],
  ['rules in YAML after JSON', `{"kind": "Namespace"}\n---\n${BROKEN_QUERY}`],
  ['a ConfigMap in JSON with escape sequences', JSON.stringify(inConfigMap).replace('ConfigMap', 'Config\\u004dap')],
  [
    'rules in JSON with escape sequences',
    RULES_IN_JSON.replace('groups', '\\u0067roups').replace('alert', 'al\\u0065rt'),
  ],
  ['rules in YAML with escape sequences', BROKEN_QUERY.replace(/groups|rules|alert|expr/g, (key) => escaped(key))],
  ['receivers in JSON', '{"receivers": [{"name": "a", "slack_configs": []}]}'],
  [
    'a ConfigMap with quoted and unquoted keys',
    `{"apiVersion": v1, kind: ConfigMap, data: {r.yaml: ${JSON.stringify(BROKEN_QUERY)}}}`,
  ],
  ['a Secret on one line', `{apiVersion: v1, kind: Secret, data: ${JSON.stringify(inSecret.data)}}`],
  [
    'routes in a quoted string',
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  alertmanager.yml: ${JSON.stringify(ROUTES)}\n`,
  ],
];

describe('a folder', () => {
  test.each(SPELLINGS)('reads %s as if it was named', (_what, text) => {
    const file = write('x.yaml', text);
    const { findings } = checkPaths([file]);
    expect(findings).not.toEqual([]);
    expect(check().findings).toEqual(findings);
  });

  test.each(UNRELATED)('skips %s, and reads the rest', (_what, text) => {
    write('unrelated/x.yaml', text);
    write('rules/r.yaml', RULES);
    expect(check()).toEqual({ rules: ['r.yaml'], findings: [], notes: [] });
    expect(checkRuleFiles(readRuleFiles(folder.path))).toEqual([]);
  });

  test.each([
    ['a misspelled field', `group: [{name: g, rules: [${RULE}]}]\n`],
    ['a bare group', `name: g\nrules:\n- ${RULE}\n`],
    ['a bare list of groups', `- name: g\n  rules:\n  - ${RULE}\n`],
    ['a bare list of rules', `- ${RULE}\n`],
    ['a bare rule', `${RULE}\n`],
  ])('reports %s, also in a ConfigMap and for synthesis', (_what, text) => {
    write('x.yaml', text);
    write('m.yaml', configMap(text));
    const expected = ['rule-file-shape m.yaml', 'rule-file-shape x.yaml'];
    expect(check().findings.map((finding) => finding.replace(/ .*\//, ' '))).toEqual(expected);
    expect(
      checkRuleFiles(readRuleFiles('.', { cwd: folder.path })).map(({ id, place }) => `${id} ${place?.file}`),
    ).toEqual(expected);
  });

  test.each([
    ['an empty document', `---\n# nothing\n---\n${RULES}`, 'second-document'],
    ['a manifest', `apiVersion: v1\nkind: Namespace\n---\n${RULES}`, 'second-document'],
    ['other YAML', `a: b\n---\n${RULES}`, 'second-document'],
    ['a directive that Loki refuses', `%YAML 1.2\n---\n${RULES}`, 'yaml-syntax'],
  ])('reports rules after %s', (_what, text, id) => {
    write('x.yaml', text);
    expect(check().findings).toEqual([expect.stringMatching(`^${id} `)]);
  });

  test('accepts a comment before the first document', () => {
    write('x.yaml', `# rules\n%YAML 1.1\n---\n${RULES}`);
    expect(check().findings).toEqual([]);
  });

  test('reports rules that are not valid YAML once', () => {
    write('x.yaml', BROKEN);
    expect(check().findings).toEqual([expect.stringMatching('^yaml-syntax .*x.yaml$')]);
  });

  test('reports an empty file only in a folder with rule files', () => {
    write('rules/r.yaml', RULES);
    write('rules/empty.yaml', '# nothing\n');
    write('empty.yaml', '');
    expect(check().findings).toEqual([expect.stringMatching('^empty-file .*rules/empty.yaml$')]);
  });

  test('notes Prometheus rules once per file, and checks them with --language logql', () => {
    write('p.yaml', PROMQL);
    const resource = (name: string) =>
      `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: ${name}}\nspec: {${PROMQL.trim()}}\n`;
    write('q.yaml', `${resource('a')}---\n${resource('b')}`);
    write('m.yaml', configMap(PROMQL));
    expect(check()).toEqual({
      rules: [],
      findings: [],
      notes: ['m.yaml', 'p.yaml', 'q.yaml'].map((file) => expect.stringMatching(`^prometheus-rules .*${file}$`)),
    });
    expect(check({ language: 'logql' })).toMatchObject({ rules: expect.arrayContaining(['p.yaml']), notes: [] });
    expect(checkPaths([join(folder.path, 'p.yaml')]).findings).toEqual([expect.stringMatching('^prometheus-rules')]);
    expect(checkRuleFiles(readRuleFiles('p.*', { cwd: folder.path })).map(({ id }) => id)).toEqual([
      'prometheus-rules',
    ]);
  });

  test('reads each linked file once, under its own name, and ends on loops', () => {
    write('rules/r.yaml', RULES);
    symlinkSync('..', join(folder.path, 'rules/loop'));
    symlinkSync('rules', join(folder.path, 'again'));
    symlinkSync('r.yaml', join(folder.path, 'rules/a.yaml'));
    symlinkSync('nowhere', join(folder.path, 'dangling.yaml'));
    expect(check()).toEqual({ rules: ['r.yaml'], findings: [], notes: [] });
  });

  test('applies .gitignore files, nested and negated, but not to named folders', () => {
    mkdirSync(join(folder.path, '.git'));
    write('.gitignore', 'dist/\n*.gen.yaml\n');
    write('sub/.gitignore', '!b.gen.yaml\n');
    for (const name of ['a.yaml', 'a.gen.yaml', 'dist/d.yaml', 'sub/b.gen.yaml']) write(name, RULES);
    expect(check().rules).toEqual(['a.yaml', 'b.gen.yaml']);
    expect(checkPaths([join(folder.path, 'dist')]).rules).toEqual(['d.yaml']);
    expect(checkPaths([join(folder.path, 'sub')]).rules).toEqual(['b.gen.yaml']);
    expect(readRuleFiles(folder.path).length).toBe(4);
  });

  test('excludes folders and patterns', () => {
    for (const name of ['a.yaml', 'b/c.yaml', 'd/e.yml']) write(name, RULES);
    expect(check({ exclude: ['b', '*.yml'] }).rules).toEqual(['a.yaml']);
    expect(check({ exclude: ['/d/'] }).rules).toEqual(['a.yaml', 'c.yaml']);
  });

  test('reports a folder without read permission, and reads the rest', () => {
    write('a.yaml', RULES);
    write('closed/r.yaml', RULES);
    chmodSync(join(folder.path, 'closed'), 0);
    chmodSync(folder.path, 0o755);
    // Root can read everything.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      expect(check()).toEqual({
        rules: ['a.yaml'],
        findings: [expect.stringMatching(/^unreadable-file .*closed$/)],
        notes: [],
      });
    } finally {
      if (root) process.seteuid?.(0);
      chmodSync(join(folder.path, 'closed'), 0o755);
    }
  });

  test('notes a file of 100 MB, and reads the rest', () => {
    write('a.yaml', RULES);
    truncateSync(write('big.yaml', ''), 100_000_000);
    expect(check()).toEqual({
      rules: ['a.yaml'],
      findings: [],
      notes: [expect.stringMatching(/^unreadable-file .*big.yaml$/)],
    });
  });
});

test.each([
  [
    'an AlertmanagerConfig',
    'apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\n',
    /AlertmanagerConfig.*alertmanager\.yml/,
  ],
  [
    'a Secret that is not base64',
    'apiVersion: v1\nkind: Secret\ndata: {a.yaml: a-b}\n',
    /data "a.yaml" is not base64-encoded text: encode it, or move it to stringData/,
  ],
  ['a Secret without data', 'apiVersion: v1\nkind: Secret\n', /Secret.*to its data/],
  ['a Helm values file', 'loki: {ruler: {}}\n', /a Helm values file.*helm template/],
  ['a HelmRelease', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n', /HelmRelease.*helm template/],
  ['a LokiRule', 'apiVersion: logging.opsgy.com/v1beta1\nkind: LokiRule\n', /LokiRule.*AlertingRule/],
  ['a Grafana provisioning file', 'apiVersion: 1\ncontactPoints: []\n', /a Grafana provisioning file/],
])('identifies %s that is named, with the fix', (_what, text, message) => {
  const { findings } = readPaths([write('x.yaml', text)], NO_PROGRESS);
  expect(findings.map(({ id }) => id)).toEqual(['no-rules']);
  expect(findings.map(formatMessage)).toEqual([expect.stringMatching(message)]);
});
