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

const STRANGERS: readonly (readonly [string, string | Buffer])[] = [
  ['a template of Helm', '{{- if .Values.rules }}\ngroups:\n- name: g\n  rules: [{alert: A, expr: up}]\n{{- end }}'],
  ['a template of Jinja', 'groups:\n{% for host in hosts %}\n- rules:\n  - {alert: A, expr: up}\n{% endfor %}'],
  ['a template that is YAML by chance', 'route:\n  receiver: {{ .Values.receiver }}\n'],
  ['comments', '# nothing\n'],
  ['nothing', ''],
  ['values with a route', 'route: {enabled: true, host: a}\n'],
  ['a builder of OpenTelemetry', 'dist: {name: x}\nreceivers: [{gomod: a v1}]\n'],
  ['provisioning of Grafana', 'apiVersion: 1\ngroups: [{orgId: 1, name: g, folder: f, rules: [{uid: u, data: []}]}]\n'],
  ['other YAML', 'groups: [{name: admins, members: [a]}]\n'],
  ['no YAML', 'a: b: c\n'],
  ['binary', Buffer.concat([Buffer.from('groups: '), Buffer.from([0, 1, 2])])],
  [
    'an AlertmanagerConfig',
    'apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nspec: {route: {receiver: a}}\n',
  ],
  [
    'an alias bomb',
    `a0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}groups: *a40\n`,
  ],
];

describe('a folder', () => {
  test.each(STRANGERS)('%s is passed over, and the rest is read', (_what, text) => {
    write('strangers/x.yaml', text);
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
  ])('%s is an error, in a ConfigMap and for synthesis too', (_what, text) => {
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
  ])('rules behind %s are an error', (_what, text, id) => {
    write('x.yaml', text);
    expect(check().findings).toEqual([expect.stringMatching(`^${id} `)]);
  });

  test('a comment before the first document is none', () => {
    write('x.yaml', `# rules\n%YAML 1.1\n---\n${RULES}`);
    expect(check().findings).toEqual([]);
  });

  test('rules that are not YAML are one error', () => {
    write('x.yaml', BROKEN);
    expect(check().findings).toEqual([expect.stringMatching('^yaml-syntax .*x.yaml$')]);
  });

  test('an empty file among rule files is an error: Loki reads all of a folder', () => {
    write('rules/r.yaml', RULES);
    write('rules/empty.yaml', '# nothing\n');
    write('empty.yaml', '');
    expect(check().findings).toEqual([expect.stringMatching('^empty-file .*rules/empty.yaml$')]);
  });

  test('rules of Prometheus are one note a file, and rules by --language logql', () => {
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

  test('links: each file once, by its own name, and no loop', () => {
    write('rules/r.yaml', RULES);
    symlinkSync('..', join(folder.path, 'rules/loop'));
    symlinkSync('rules', join(folder.path, 'again'));
    symlinkSync('r.yaml', join(folder.path, 'rules/a.yaml'));
    symlinkSync('nowhere', join(folder.path, 'dangling.yaml'));
    expect(check()).toEqual({ rules: ['r.yaml'], findings: [], notes: [] });
  });

  test('.gitignore, nested and negated, and what is named in spite of it', () => {
    mkdirSync(join(folder.path, '.git'));
    write('.gitignore', 'dist/\n*.gen.yaml\n');
    write('sub/.gitignore', '!b.gen.yaml\n');
    for (const name of ['a.yaml', 'a.gen.yaml', 'dist/d.yaml', 'sub/b.gen.yaml']) write(name, RULES);
    expect(check().rules).toEqual(['a.yaml', 'b.gen.yaml']);
    expect(checkPaths([join(folder.path, 'dist')]).rules).toEqual(['d.yaml']);
    expect(checkPaths([join(folder.path, 'sub')]).rules).toEqual(['b.gen.yaml']);
    expect(readRuleFiles(folder.path).length).toBe(4);
  });

  test('--exclude, by folder and by pattern', () => {
    for (const name of ['a.yaml', 'b/c.yaml', 'd/e.yml']) write(name, RULES);
    expect(check({ exclude: ['b', '*.yml'] }).rules).toEqual(['a.yaml']);
    expect(check({ exclude: ['/d/'] }).rules).toEqual(['a.yaml', 'c.yaml']);
  });

  test('a folder that may not be read is an error, and the rest is read', () => {
    write('a.yaml', RULES);
    write('closed/r.yaml', RULES);
    chmodSync(join(folder.path, 'closed'), 0);
    chmodSync(folder.path, 0o755);
    // Root may read everything.
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

  test('a file of 100 MB is a note, and the rest is read', () => {
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
    /data "a.yaml" is not a text in base64: encode it, or move it to stringData/,
  ],
  ['a Secret without data', 'apiVersion: v1\nkind: Secret\n', /Secret.*no data/],
  ['values of a chart', 'loki: {ruler: {}}\n', /values of a Helm chart.*helm template/],
  ['a HelmRelease', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n', /HelmRelease.*helm template/],
  ['a LokiRule', 'apiVersion: logging.opsgy.com/v1beta1\nkind: LokiRule\n', /LokiRule.*AlertingRule/],
  ['provisioning of Grafana', 'apiVersion: 1\ncontactPoints: []\n', /provisioning file of Grafana/],
])('reports %s that is named, with what to do', (_what, text, message) => {
  const { findings } = readPaths([write('x.yaml', text)], NO_PROGRESS);
  expect(findings.map(({ id }) => id)).toEqual(['no-rules']);
  expect(findings.map(formatMessage)).toEqual([expect.stringMatching(message)]);
});
