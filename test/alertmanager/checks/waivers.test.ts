import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertmanagerConfig } from '../../../lib';
import { checkAlertmanagerConfig } from '../../../lib/alertmanager/checks/check-config';
import { checkRoutesAgainstRules } from '../../../lib/alertmanager/checks/rules';
import { checkTemplateFiles } from '../../../lib/alertmanager/checks/template-files';
import { readAlertmanagerConfig } from '../../../lib/alertmanager/config/read';
import { toYaml } from '../../../lib/alertmanager/config/write';
import { formatFinding } from '../../../lib/checks/findings';
import { checkInputs, readPaths } from '../../../lib/lint/inputs';
import { checkLogAlerting } from '../../../lib/stack/check-stack';
import { synth } from '../../manifests/synth';
import { findingsOf } from '../verdict';

const because = (check: string, reason = 'a reason') => [{ check, reason }];
const slack = [{ api_url_file: '/etc/slack/url' }];

/** A config with a waived warning for each kind of part. */
const WAIVED: AlertmanagerConfig = {
  route: {
    receiver: 'team',
    waive: because('route-repeat-interval'),
    repeat_interval: '7m',
    routes: [
      {
        receiver: 'db',
        waive: because('route-continue-last'),
        continue: true,
        matchers: ['team="db"'],
        routes: [
          { waive: because('route-group-wait'), group_wait: '10m', group_interval: '5m', repeat_interval: '5m' },
        ],
      },
    ],
  },
  receivers: [
    { name: 'team', waive: because('receiver-empty') },
    { name: 'db', slack_configs: slack },
    { name: 'spare', waive: because('receiver-unused'), slack_configs: slack },
  ],
  inhibit_rules: [
    {
      waive: because('inhibit-without-equal'),
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity="warning"'],
    },
  ],
};

describe('a config in TypeScript', () => {
  test('waives the warnings of each part', () => {
    expect(checkAlertmanagerConfig(WAIVED)).toEqual([]);
    const all = checkAlertmanagerConfig(WAIVED, { keepWaived: true });
    expect(all.map(({ id, waived }) => [id, waived])).toEqual([
      ['receiver-unused', 'a reason'],
      ['receiver-empty', 'a reason'],
      ['inhibit-without-equal', 'a reason'],
      ['route-repeat-interval', 'a reason'],
      ['route-group-wait', 'a reason'],
      ['route-continue-last', 'a reason'],
    ]);
  });

  test('round-trips its waivers as comments', () => {
    const text = toYaml(WAIVED);
    expect(text).not.toMatch(/waive:/);
    expect(text.match(/# loki-alerts: waive/g)).toHaveLength(6);
    expect(findingsOf(text)).toEqual([]);
    expect(toYaml(readAlertmanagerConfig(text, 'f').config as AlertmanagerConfig)).toBe(text);
  });

  test('reports waivers without effect', () => {
    const receivers = [{ name: 'team', slack_configs: slack }];
    const routes = [
      ...['receiver-empty', 'route-root', 'route-dupplicate', 'route-duplicate', 'route-catch-all-only'].map(
        (check, i) => ({ matchers: [`a="${i}"`], waive: because(check) }),
      ),
      { matchers: ['a="x"'], continue: true, waive: because('route-continue-last', ' ') },
    ];
    expect(checkAlertmanagerConfig({ route: { receiver: 'team', routes }, receivers }).map(formatFinding)).toEqual([
      `warning: route.routes[0]: "receiver-empty" cannot be waived at a route: move the waiver to the receiver [waiver-unused]`,
      `warning: route.routes[1]: "route-root" is an error and cannot be waived: fix the error, and remove the waiver [waiver-unused]`,
      `warning: route.routes[2]: unknown check "route-dupplicate": correct it: "loki-alerts check --list" shows all checks; did you mean 'route-duplicate'? [waiver-unused]`,
      `warning: route.routes[4]: "route-catch-all-only" cannot be waived at a route: move the waiver to the rule [waiver-unused]`,
      `warning: route.routes[5]: the waiver of "route-continue-last" has no reason, so it has no effect: add "because <reason>" [waiver-unused]`,
      `warning: route.routes[5].continue: "continue" has no effect on the last of several routes: remove it, or move the route up [route-continue-last]`,
      `warning: route.routes[3]: the waiver of "route-duplicate" waives nothing: remove it [waiver-unused]`,
    ]);
  });

  test('rejects a waiver of the wrong type', () => {
    const config = { route: { receiver: 'team', waive: 'route-duplicate' }, receivers: [{ name: 'team' }] };
    expect(checkAlertmanagerConfig(config as never).map(formatFinding)).toContain(
      'error: route.waive: expected a list of { check, reason } [alertmanager-type]',
    );
  });

  test('does not apply waivers of a route to its child routes', () => {
    const routes = [{ matchers: ['a="b"'], continue: true }];
    const config: AlertmanagerConfig = {
      route: { receiver: 'team', waive: because('route-continue-last'), routes },
      receivers: [{ name: 'team', slack_configs: slack }],
    };
    expect(checkAlertmanagerConfig(config).map(({ id }) => id)).toEqual(['route-continue-last', 'waiver-unused']);
  });
});

describe('comments in alertmanager.yml', () => {
  const at = (comment: string) => `
route:
  receiver: team
  routes:
    - receiver: team ${comment}
      matchers: [a="b"]
      continue: true
receivers:
  - name: team
    slack_configs: [{api_url_file: /etc/slack/url}]
`;

  test('apply to the part that they are in or directly above', () => {
    const comment = '# loki-alerts: waive route-continue-last because of a plan';
    expect(findingsOf(at('')).map(({ id }) => id)).toEqual(['route-continue-last']);
    expect(findingsOf(at(comment))).toEqual([]);
    expect(findingsOf(at('').replace('    - receiver', `    ${comment}\n\n    # More.\n    - receiver`))).toEqual([]);
    expect(findingsOf(at('').replace('      continue', `      ${comment}\n      continue`))).toEqual([]);
  });

  test('belong to the item that their indentation is part of', () => {
    const receivers = (first: string, second: string) => `
route: {receiver: team}
receivers:
  - name: team
    slack_configs: [{api_url_file: /etc/slack/url}]
  - name: spare
    slack_configs: [{api_url_file: /etc/slack/url}]
${first}
  - name: db
    slack_configs: [{api_url_file: /etc/slack/url}]
${second}
templates: []
`;
    const comment = '# loki-alerts: waive receiver-unused because of emergencies';
    const unused = (text: string) =>
      findingsOf(text).flatMap(({ id, subject }) => (id === 'receiver-unused' ? [subject] : [id]));
    expect(unused(receivers('', ''))).toEqual(["receiver 'spare'", "receiver 'db'"]);
    expect(unused(receivers(`    ${comment}`, ''))).toEqual(["receiver 'db'"]);
    expect(unused(receivers(`  ${comment}`, ''))).toEqual(["receiver 'spare'"]);
    expect(unused(receivers(comment, ''))).toEqual(["receiver 'spare'"]);
    expect(unused(receivers('', `    ${comment}`))).toEqual(["receiver 'spare'"]);
    expect(unused(receivers('', comment))).toEqual(['waiver-unused', "receiver 'spare'", "receiver 'db'"]);
    const oneLine = `route: {receiver: a}\nreceivers: [{name: a}, {name: b}] ${comment}\n`;
    expect(unused(oneLine)).toContain('waiver-unused');
  });

  test('are reported with their place if they have no effect', () => {
    expect(
      findingsOf(`${at('')}# loki-alerts: waive route-duplicate because of it\n# loki-alerts: off\n`),
    ).toMatchObject(
      [
        { id: 'route-continue-last' },
        { id: 'waiver-unused', place: { line: 11, column: 1 }, problem: expect.stringContaining('is not at a route') },
        { id: 'waiver-unused', place: { line: 12, column: 1 }, problem: 'invalid waiver "off"' },
      ].sort(({ id: a }, { id: b }) => b.localeCompare(a)),
    );
  });

  test('are the only form of waivers in YAML', () => {
    const text = at('').replace('continue: true', 'waive: [{check: route-duplicate, reason: x}]');
    expect(findingsOf(text).map(formatFinding)).toEqual([
      'alertmanager.yml:7:14: error: unknown field "waive": use a comment: # loki-alerts: waive <check> because <reason> [alertmanager-unknown-field]',
    ]);
  });

  test('have places in a ConfigMap', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waivers-'));
    try {
      const text = at('# loki-alerts: waive route-duplicate because x').replace(/^(?=.)/gm, '    ');
      const file = join(folder, 'config.yaml');
      writeFileSync(file, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  alertmanager.yml: |${text}`);
      const quiet = { report: () => {}, say: () => {}, end: () => {} };
      expect(checkInputs(readPaths([file], quiet), {})).toMatchObject([
        { id: 'waiver-unused', place: { line: 9, column: 26 } },
        { id: 'route-continue-last' },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('templates', () => {
  const rules = [{ name: 'r.yaml', groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'vector(1)' }] }] }];
  const text = '{{ .CommonAnnotations.summary }}';
  const config = (waive?: AlertmanagerConfig['receivers'][number]['waive']): AlertmanagerConfig => ({
    route: { receiver: 'team' },
    receivers: [{ name: 'team', waive, slack_configs: [{ ...slack[0], text }] }],
  });
  const ids = (receiver: AlertmanagerConfig, file = '') =>
    checkRoutesAgainstRules(receiver, rules, { templates: [{ file: 'a.tmpl', text: file }] }).map(
      ({ id, place }) => `${id} ${place?.file ?? ''}`,
    );
  const waiver = '{{/* loki-alerts: waive template-unset-annotation because of the future */}}';

  test('of a receiver have waivers at the receiver', () => {
    expect(ids(config())).toEqual(['template-unset-annotation ']);
    expect(ids(config(because('template-unset-annotation')))).toEqual([]);
    expect(checkAlertmanagerConfig(config(because('template-unset-annotation')))).toEqual([]);
  });

  test('in a file have waivers in comments', () => {
    const receiver = { ...config(), receivers: [{ name: 'team', slack_configs: slack }] };
    expect(ids(receiver, text)).toEqual(['template-unset-annotation a.tmpl']);
    expect(ids(receiver, `${waiver}\n${text}`)).toEqual([]);
    expect(ids(receiver, waiver)).toEqual(['waiver-unused a.tmpl']);
  });

  test('report waivers without effect', () => {
    const file = (comment: string) => [{ file: 'a.tmpl', text: `{{/* loki-alerts: ${comment} */}}` }];
    expect(
      ['waive template-syntax because x', 'waive template-unset-anotation because x', 'off', 'waive receiver-empty']
        .flatMap((comment) => checkTemplateFiles(file(comment)))
        .map(({ problem, place }) => [problem, place?.line, place?.column]),
    ).toEqual([
      ['"template-syntax" is an error and cannot be waived', 1, 3],
      ['unknown check "template-unset-anotation"', 1, 3],
      ['invalid waiver "off"', 1, 3],
      ['"receiver-empty" cannot be waived at a template file', 1, 3],
    ]);
    expect(checkTemplateFiles([{ file: 'a.tmpl', text: waiver }])).toEqual([]);
  });
});

test("waivers of the stack's routes are comments in its alertmanager.yml, not fields", () => {
  const routing = {
    routes: [
      { matchers: ['team="db"'], receiver: 'spare', repeat_interval: '45s', waive: because('route-repeat-interval') },
    ],
    receivers: [{ name: 'spare', slack_configs: slack }],
  };
  const text = Object.values(synth({ routing })).join('');
  expect(text).toContain('# loki-alerts: waive route-repeat-interval because a reason');
  expect(text).not.toContain('waive:');
  const found = checkLogAlerting({
    rules: [],
    routing: { ...routing, routes: [{ ...routing.routes[0], waive: because('x') }] },
  } as never);
  expect(found.filter(({ id }) => id === 'waiver-unused')).toMatchObject([
    { path: ['routing', 'routes', 0, 'waive', 0] },
  ]);
});
