import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkInputs, readManifests, readPaths } from '../../lib/lint/inputs';
import { NO_PROGRESS } from '../../lib/lint/progress';
import { synth, TENANTS } from '../manifests/synth';
import { tempFolder } from '../support/temp-folder';

const RULES = 'groups: [{name: g, rules: [{alert: A, expr: \'rate({app="x"}[5m]) > 1\', labels: {severity: info}}]}]\n';
const ROUTES = `route: {receiver: none, routes: [{matchers: ['severity="critical"']}]}\nreceivers: [{name: none}]\n`;

const folder = tempFolder();
const { write } = folder;

const check = (...paths: string[]) =>
  checkInputs(readPaths(paths, NO_PROGRESS), {}).map(({ id, place }) =>
    [id, place?.file.split('/').pop(), place?.line, place?.column].filter((part) => part !== undefined).join(' '),
  );

describe('readPaths', () => {
  test('reads rules and routes of a folder in the order of their paths, and skips other YAML', () => {
    write('b/rules.yaml', RULES);
    write('a/rules.yml', RULES);
    write('alertmanager.yml', ROUTES);
    write('other.yaml', 'kind: Deployment\napiVersion: apps/v1\n');
    write('otel.yaml', 'receivers: {otlp: {}}\nservice: {}\n');
    write('rules.test.yaml', 'tests: []\n');
    write('notes.md', 'groups: [');
    const inputs = readPaths([folder.path], NO_PROGRESS);
    expect(inputs.rules.map(({ file }) => file.name)).toEqual(['rules.yml', 'rules.yaml']);
    expect([inputs.files, inputs.routes.length, inputs.findings]).toEqual([3, 1, []]);
  });

  test('skips PrometheusRules without the labels of those for Loki', () => {
    const resource = (app: string) =>
      `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: ${app}, labels: {app: ${app}}}\nspec: {groups: []}\n`;
    write('rules.yaml', `${resource('loki')}---\n${resource('prometheus')}`);
    const names = (labels?: Record<string, string>) =>
      readPaths([folder.path], NO_PROGRESS, { prometheusRuleLabels: labels }).rules.map(({ file }) => file.name);
    expect(names()).toEqual(['prometheusrule-loki.yaml', 'prometheusrule-prometheus.yaml']);
    expect(names({ app: 'loki' })).toEqual(['prometheusrule-loki.yaml']);
  });

  test('compares routes with the rules', () => {
    write('rules.yml', RULES);
    write('alertmanager.yml', ROUTES);
    expect(check(folder.path)).toContainEqual(expect.stringMatching('route-catch-all-only'));
  });

  test('rules that may be in either language are in that of the other files', () => {
    const rules = (expr: string) => `groups: [{name: g, rules: [{alert: A, expr: '${expr}'}]}]`;
    write('watchdog.yaml', rules('vector(1)'));
    expect(check(folder.path)).toEqual(['no-comparison watchdog.yaml 1 45']);
    write('prometheus.yaml', rules('up == 0'));
    expect(check(folder.path)).toEqual([]);
    expect(readPaths([folder.path], NO_PROGRESS).notes.map(({ place }) => place?.file.split('/').pop())).toEqual([
      'prometheus.yaml',
      'watchdog.yaml',
    ]);
    write('loki.yaml', rules('rate({app="x"} |= "a" [5m]) > 1'));
    expect(check(folder.path)).toEqual(['no-comparison watchdog.yaml 1 45']);
  });

  test('a value of the wrong type hides no other finding of an alertmanager.yml', () => {
    const text = (chat: string) => `route:
  receiver: a
  routes: [{receiver: none, matchers: ['severity=warning|info']}]
receivers:
- name: a
  telegram_configs: [{bot_token_file: /a, chat_id: ${chat}, message: '{{ .Labels.app }}'}]
- name: b
  slack_configs: [{api_url_file: /a, channel: '#a'}]
`;
    write('alertmanager.yml', text('1'));
    const byLine = () => check(folder.path).map((found) => found.replace(/ \d+$/, ''));
    const others = byLine();
    expect(others.length).toBeGreaterThan(3);
    write('alertmanager.yml', text('"$' + '{CHAT}"'));
    expect(byLine().sort()).toEqual([...others, 'alertmanager-type alertmanager.yml 6'].sort());
  });

  test('compares routes with the nearest rules', () => {
    const routes = (severity: string) => ROUTES.replace('critical', severity);
    write('staging/dist/rules.yml', RULES);
    write(
      'staging/dist/alertmanager.yml',
      routes('info').replace('[{m', '[{receiver: some, m').replace('[{name', '[{name: some}, {name'),
    );
    write('production/rules/rules.yml', RULES.replace('info', 'critical'));
    write('production/alertmanager/alertmanager.yml', routes('warning'));
    const findings = checkInputs(
      readPaths([join(folder.path, 'staging'), join(folder.path, 'production')], NO_PROGRESS),
      {},
    ).filter(({ id }) => id === 'route-catch-all-only');
    expect(findings).toEqual([
      expect.objectContaining({
        place: expect.objectContaining({ file: expect.stringMatching('production/rules/rules.yml$') }),
        problem: expect.stringMatching(/^no route of \S*production\/alertmanager\/alertmanager.yml matches/),
      }),
    ]);
  });

  test('compares a named alertmanager.yml with named rules in any folder', () => {
    const rules = write('a/b/rules.yml', RULES);
    expect(check(rules, write('c/alertmanager.yml', ROUTES))).toContainEqual(
      expect.stringMatching('^route-catch-all-only'),
    );
  });

  test('accepts the same rule of two tenants, and names the tenant of a finding', () => {
    for (const [name, text] of Object.entries(synth(TENANTS))) write(`dist/${name}`, text);
    const dist = join(folder.path, 'dist');
    expect(check(dist)).toEqual([]);
    const path = join(dist, 'logging.k8s.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('> 60', ''));
    expect(checkInputs(readPaths([dist], NO_PROGRESS), {}).map(({ subject }) => subject?.split(':')[0])).toEqual([
      "alert 'HighLogRate' in group 'rate-alerting' of 'high-log-rate.yaml'",
      "tenant 'shop'",
      "tenant 'bank'",
    ]);
  });

  test('checks the template files of an alertmanager.yml', () => {
    write('rules.yml', RULES.replace('severity: info', 'severity: critical'));
    write('alertmanager.yml', `${ROUTES}templates: ['*.tmpl', '/etc/alertmanager/*.tmpl']\n`);
    write('slack.tmpl', '{{ define "title" }}{{ .CommonAnnotations.title }}{{ end }}');
    expect(check(folder.path)).toContainEqual(expect.stringMatching('template-unset-annotation'));
    write('slack.tmpl', '{{ define "title" }}\n{{ nope }}{{ end }}');
    expect(check(folder.path)).toContain('template-syntax slack.tmpl 2 4');
  });

  test('reports an undefined template only if all template files were read', () => {
    const calls = `route: {receiver: a}\nreceivers: [{name: a, slack_configs: [{api_url: 'http://x', title: '{{ template "a" }}'}]}]\n`;
    const routes = (templates: string) => check(write('alertmanager.yml', `${calls}templates: ${templates}\n`));

    expect(check(write('alertmanager.yml', calls))).toEqual(['template-undefined alertmanager.yml 2 68']);
    expect(routes("['*.tmpl']")).toEqual([]);
    write('a.tmpl', '{{ define "b" }}{{ end }}');
    expect(routes("['*.tmpl']")).toEqual(['template-undefined alertmanager.yml 2 68']);
    expect(routes("['*.tmpl', '/etc/alertmanager/*.tmpl']")).toEqual([]);
    write('a.tmpl', '{{ define "a" }}{{ end }}');
    expect(routes("['*.tmpl']")).toEqual([]);
  });

  test('reports places in the manifest for routes in a ConfigMap', () => {
    const routes = ROUTES.replace('name: none', 'name: noone').replace(/^/gm, '    ');
    const manifest = write(
      'm.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  alertmanager.yml: |\n${routes}`,
    );
    expect(check(manifest)).toEqual([expect.stringMatching(/^\S+ m\.yaml 6 \d+$/), 'receiver-unused m.yaml 7 17']);
  });

  test.each<[string, string | Buffer, string]>([
    ['empty', '', 'empty-file f.yaml 1 1'],
    ['only comments', '# nothing\n', 'empty-file f.yaml 1 1'],
    ['something else', 'a: b', 'no-rules f.yaml'],
    ['a module', 'x', 'unreadable-file f.ts'],
    ['binary', Buffer.from([0xff, 0xfe, 0x00]), 'unreadable-file f.yaml'],
    ['not YAML', 'groups: [', 'yaml-syntax f.yaml 1 10'],
    ['of two documents', `${RULES}---\n${RULES.replace('name: g', 'name: h')}`, 'second-document f.yaml 3 1'],
  ])('reports a file that is %s', (_what, content, finding) => {
    const name = finding.split(' ')[1] ?? '';
    expect(check(write(name, content))).toContain(finding);
  });

  test('reports a file of 50 MB without reading it', () => {
    const path = write('f.yaml', '');
    truncateSync(path, 50_000_000);
    expect(check(path)).toEqual(['unreadable-file f.yaml']);
  });

  test('reports a folder without rules', () => {
    expect(check(folder.path)).toEqual([expect.stringMatching('^no-rules')]);
  });

  test('throws an error with all paths that do not exist', () => {
    expect(() => readPaths(['no/such', 'nor/this'], NO_PROGRESS)).toThrow('no such file or folder: no/such, nor/this');
  });
});

test('readManifests skips files without rules', () => {
  expect(readManifests([write('f.yaml', 'a: b')])).toEqual({
    files: 0,
    rules: [],
    routes: [],
    findings: [],
    notes: [],
  });
});
