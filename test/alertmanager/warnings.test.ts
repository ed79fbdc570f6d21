import { checkRoutesAgainstRules } from '../../lib/alertmanager/checks/rules';
import type { AlertmanagerConfig, Route } from '../../lib/alertmanager/config/config';
import { formatFinding } from '../../lib/checks/findings';
import type { Rule, RuleFile } from '../../lib/rules/model';
import { findingsOf } from './verdict';

/** Without what is said of receivers that are empty only to keep these texts short. */
const findings = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id !== 'receiver-empty');
const warnings = (yaml: string) => findings(yaml).map(formatFinding);

const routes = (...lines: readonly string[]) => `receivers: [{name: r}, {name: s}]
route:
  receiver: r
  routes:
  - {receiver: s, matchers: [never="used"]}
${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('routes that never get an alert', () => {
  test.each([
    ['the same matchers', '{matchers: [a="b"]}', '{matchers: [a="b", c="d"]}'],
    ['no matchers', '{receiver: s}', '{matchers: [a="b"]}'],
    ['a pattern that the value matches', '{matchers: [a=~"b|c"]}', '{matchers: [a="c"]}'],
    ['a list of words within another', '{matchers: [a=~"b|c|d"]}', '{matchers: ["a=~(?:b|d)"]}'],
    ['a value that the other is not', '{matchers: [a!="b"]}', '{matchers: [a="c"]}'],
    ['any value', '{matchers: [a!=""]}', '{matchers: [a=~"x.*", a!=""]}'],
    ['any value, as a pattern', '{matchers: [a=~".+"]}', '{matchers: [a!~"|b"]}'],
    ['a pattern that takes all', '{matchers: [a=~".*"]}', '{matchers: [b="c"]}'],
    ['the deprecated form of a pattern', '{match_re: {a: b|c}}', '{match: {a: c}}'],
    ['the deprecated form', '{match: {a: b}}', '{matchers: [a="b"]}'],
  ])('because one before takes them: %s', (_name, first, second) => {
    const [found, ...others] = findings(routes(first, second)).filter(({ id }) => id !== 'alertmanager-deprecated');
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'route-unreachable',
      severity: 'warning',
      place: { line: 7 },
      subject: 'route.routes[2]',
    });
  });

  test.each([
    ['it continues', '{matchers: [a="b"], continue: true}', '{matchers: [a="b"], receiver: s}'],
    ['it asks for more', '{matchers: [a="b", c="d"]}', '{matchers: [a="b"]}'],
    ['it asks for another value', '{matchers: [a="b"]}', '{matchers: [a="c"]}'],
    ['the pattern could match more', '{matchers: [a=~"b|c"]}', '{matchers: [a=~"b.*"]}'],
    ['the label may be missing', '{matchers: [a=~".+"]}', '{matchers: [b="c"]}'],
    ['it refuses the value', '{matchers: [a!~"b|c"]}', '{matchers: [a=~"c|d"]}'],
  ])('not when %s', (_name, first, second) => {
    expect(warnings(routes(first, second))).toEqual([]);
  });

  test('because its matchers contradict those above it', () => {
    expect(warnings(routes('{matchers: [a="b"], routes: [{matchers: [a=~"c|d"]}]}'))).toEqual([
      'f:6:34: warning: route.routes[1].routes[0]: receives no alert: its matchers contradict those of the routes above it: correct the matchers, or remove the route [route-unreachable]',
    ]);
  });

  test('because what is above it narrows it to what one before takes', () => {
    expect(warnings(routes('{matchers: [a="b"], routes: [{matchers: [a!="c"]}, {matchers: [x="y"]}]}'))).toEqual([
      expect.stringContaining(
        'f:6:56: warning: route.routes[1].routes[1]: receives no alert: route.routes[1].routes[0] comes first and matches all of its alerts (a!="c"): move this route before it, or add "continue: true" there [route-unreachable]',
      ),
    ]);
  });
});

test('routes that tell the same people twice', () => {
  expect(
    warnings(routes('{matchers: [a="b", c="d"], continue: true}', '{matchers: ["{c=\\"d\\", a=\\"b\\"}"]}')),
  ).toEqual([
    'f:7:5: warning: route.routes[2]: has the matchers and the receiver of route.routes[1], which continues: every notification is sent twice: remove one of the two [route-duplicate]',
  ]);
});

test('continue on the last route', () => {
  expect(warnings(routes('{matchers: [a="b"], continue: true}'))).toEqual([
    'f:6:25: warning: route.routes[1].continue: "continue" has no effect on the last of several routes: remove it, or move the route up [route-continue-last]',
  ]);
});

test('times that do not go together, once, where they are set', () => {
  expect(
    warnings(`receivers: [{name: r}]
route:
  receiver: r
  group_wait: 10m
  repeat_interval: 12m
  routes:
  - matchers: [a="b"]
  - group_interval: 1h
    repeat_interval: 30m
`),
  ).toEqual([
    'f:4:15: warning: route.group_wait: group_wait (10m) is longer than group_interval (5m), so the first notification of a group waits longer than later ones: use a group_wait shorter than group_interval [route-group-wait]',
    'f:5:20: warning: route.repeat_interval: repeat_interval (12m) is not a multiple of group_interval (5m), so an unchanged group is notified every 3 intervals of 5m: use a multiple of group_interval [route-repeat-interval]',
    'f:9:22: warning: route.routes[1].repeat_interval: repeat_interval (30m) is not a multiple of group_interval (1h), so an unchanged group is notified every 1h: use a multiple of group_interval [route-repeat-interval]',
  ]);
});

test('receivers, inhibition and forms that are to go away', () => {
  expect(
    warnings(`receivers: [{name: r}, {name: s}]
route: {receiver: r, routes: [{match: {a: b}}, {matchers: [a=b c]}]}
inhibit_rules:
- {source_match: {a: b}, target_matchers: [c="d"]}
mute_time_intervals: [{name: t}]
`),
  ).toEqual([
    "f:1:24: warning: receiver 's': is not used by any route, so it never sends a notification: add a route to it, or remove it [receiver-unused]",
    `f:2:32: warning: route.routes[0].match: deprecated field "match": use matchers, e.g. matchers: ['severity="critical"'] [alertmanager-deprecated]`,
    'f:2:60: warning: route.routes[1].matchers[0]: matcher "a=b c" is only supported by the classic parser, which will be removed: write a="b c" [matcher-classic]',
    "f:4:3: warning: inhibit_rules[0]: has no 'equal', so one source alert mutes all target alerts, of any service: add the labels that must be equal in both, e.g. equal: [namespace, app] [inhibit-without-equal]",
    `f:4:4: warning: inhibit_rules[0].source_match: deprecated field "source_match": use source_matchers, e.g. source_matchers: ['severity="critical"'] [alertmanager-deprecated]`,
    'f:5:1: warning: mute_time_intervals: deprecated field "mute_time_intervals": rename it to time_intervals [alertmanager-deprecated]',
  ]);
});

test('a second document, which Alertmanager ignores', () => {
  expect(warnings('receivers: [{name: r}]\nroute: {receiver: r}\n---\nroute: {}\n')).toEqual([
    expect.stringMatching(
      /^f:3:1: warning: second YAML document, which Alertmanager ignores: move it into the first document, or remove it \[alertmanager-documents\]$/,
    ),
  ]);
});

describe('receivers that tell nobody', () => {
  const empty = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id === 'receiver-empty');

  test('and get alerts', () => {
    expect(empty('receivers: [{name: Default}]\nroute: {receiver: Default}\n').map(formatFinding)).toEqual([
      "f:1:13: warning: receiver 'Default': receives alerts but has no integration, so no one is notified: add one, e.g. slack_configs, or name the receiver 'null' if no one should be notified [receiver-empty]",
    ]);
    expect(
      empty(
        'receivers: [{name: a, webhook_configs: []}, {name: "null"}]\nroute: {receiver: "null", routes: [{receiver: a}]}',
      ),
    ).toHaveLength(1);
  });

  const isTold = (name: string) => empty(`receivers: [{name: "${name}"}]\nroute: {receiver: "${name}"}\n`).length > 0;

  test.each([
    ...['null', 'nil', 'none', 'noop', 'no-op', 'no-one', 'Nobody', 'null-receiver', 'NullReceiver', 'team_a_null'],
    ...['blackhole', 'black-hole', 'black_hole', 'BlackHole', 'blackholeReceiver', 'devnull', 'dev-null', 'DevNull'],
    ...['ignored', 'dropped', 'discarded', 'muted', 'deadend', 'dead-end', 'dummy', 'empty', 'sink', 'disabled'],
  ])('not %s, which says so', (name) => {
    expect(isTold(name)).toBe(false);
  });

  test.each(['Default', 'Watchdog', 'Critical', 'annul', 'emptyings', 'dropbox', 'Nullarbor', 'backdrop'])(
    '%s, which does not',
    (name) => {
      expect(isTold(name)).toBe(true);
    },
  );

  test('not one whose alerts a route below takes all', () => {
    const receivers = 'receivers: [{name: a}, {name: b, webhook_configs: [{url: http://b}]}]';
    expect(empty(`${receivers}\nroute: {receiver: a, routes: [{receiver: b}]}\n`)).toEqual([]);
    expect(empty(`${receivers}\nroute: {receiver: a, routes: [{receiver: b, matchers: [x=y]}]}\n`)).toHaveLength(1);
  });
});

describe('credentials', () => {
  const url = (text: string) =>
    findingsOf(`receivers: [{name: r, webhook_configs: [{url: ${JSON.stringify(text)}}]}]\nroute: {receiver: r}\n`).map(
      ({ id }) => id,
    );

  test.each([
    'https://hooks.slack.com/services/T000/B000/XXX',
    'https://discord.com/api/webhooks/1/x',
    'https://acme.webhook.office.com/webhookb2/x',
    'http://user:pass@bridge.monitoring/',
    'https://example.com/hook?token=abc',
    'https://example.com/hook?api_key=abc',
    'https://example.com/hooks/8f14e45fceea167a5a36dedd4bea2543',
    '<secret>',
  ])('%s', (text) => {
    expect(url(text)).toEqual(['inline-secret']);
  });

  test.each([
    'http://slack-inbox.demo.svc:8080/services/inbox',
    'http://bridge.monitoring:8080/hook?channel=alerts',
    'https://slack.com/api/chat.postMessage',
    'https://alerts.example.com/a-long-path-of-several-words/v2',
  ])('not %s', (text) => {
    expect(url(text)).toEqual([]);
  });

  describe('in a URL that no file can take the place of', () => {
    const refusal = (receiver: string, global = '{}') =>
      warnings(`global: ${global}\nreceivers: [{name: r, ${receiver}}]\nroute: {receiver: r}\n`);
    const webhook = (http: string) => `webhook_configs: [{url: "http://bridge", http_config: ${http}}]`;
    const ADDRESS = 'http://user:geheim@example.com:3128';

    test.each([
      [
        'a proxy',
        webhook(`{proxy_url: "${ADDRESS}"}`),
        undefined,
        /f:2:89: error: receiver 'r': webhook_configs\[0\]\.http_config\.proxy_url: contains a password in a URL, in a file that is committed: remove it, and use a proxy that needs no password \[inline-secret\]/,
      ],
      [
        'where a token comes from',
        webhook(`{oauth2: {client_id: a, client_secret_file: b, token_url: "${ADDRESS}"}}`),
        undefined,
        /token_url: .* password_file/,
      ],
      ['an API', `jira_configs: [{api_url: "${ADDRESS}", project: p, issue_type: i}]`, undefined, /password_file/],
      ['an API of all', webhook('{}'), `{opsgenie_api_url: "${ADDRESS}"}`, /opsgenie_api_url: .* password_file/],
      ['a link in a message', `slack_configs: [{api_url: "http://x", text: "see ${ADDRESS}/a"}]`, undefined, /text: /],
    ])('%s', (_name, receiver, global, expected) => {
      const found = refusal(receiver, global);

      expect(found).toEqual([expect.stringMatching(expected)]);
      expect(found).toEqual([expect.stringMatching(/: error: .*contains a password.*\[inline-secret\]$/)]);
      expect(found.join()).not.toContain('geheim');
      expect(found.join()).not.toMatch(/proxy_url_file|api_url_file|token_url_file|text_file/);
    });

    test.each(['http://proxy:3128', 'http://user@proxy:3128', 'http://proxy:3128/a:b@c'])('not %s', (address) => {
      expect(refusal(webhook(`{proxy_url: "${address}"}`))).toEqual([]);
    });

    test('not even the part of one that looks like a port', () => {
      expect(refusal(webhook('{proxy_url: "http://user:geheim/x@proxy"}')).join()).not.toContain('geheim');
    });
  });
});

describe('routes against rules', () => {
  const config = (...children: Route[]): AlertmanagerConfig => ({
    route: { receiver: 'all', routes: children },
    receivers: [{ name: 'all', slack_configs: [{}] }, { name: 'db' }],
  });
  const file = (...rules: Rule[]): RuleFile[] => [{ name: 'r.yaml', groups: [{ name: 'g', rules }] }];
  const alerts = (...labels: Record<string, string>[]) =>
    file(...labels.map((each, i) => ({ alert: `A${i}`, expr: 'vector(1) > 0', labels: each })));
  const found = (routed: AlertmanagerConfig, files: RuleFile[]) =>
    checkRoutesAgainstRules(routed, files).map(formatFinding);

  test('a severity that no route asks for', () => {
    const routed = config({ receiver: 'db', matchers: ['severity=~"critical|warning"'] });
    expect(found(routed, alerts({ severity: 'critcal' }, { severity: 'warning' }))).toEqual([
      `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critcal", so it falls through to the root receiver 'all': correct the labels, or add a route for them [route-catch-all-only]`,
    ]);
  });

  test('a severity that no route asks for, of which not even the root tells anybody', () => {
    const routed = { ...config({ receiver: 'db', matchers: ['severity="critical"'] }), receivers: [{ name: 'all' }] };
    expect(found(routed, alerts({ severity: 'critcal' }))).toEqual([
      expect.stringContaining(
        `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critcal", so it falls through to the root receiver 'all', which has no integration: correct the labels, or add a route for them [route-catch-all-only]`,
      ),
    ]);
  });

  test('a severity that only another team is asked for', () => {
    const routed = config({ receiver: 'db', matchers: ['team="db"'], routes: [{ matchers: ['severity="critical"'] }] });
    expect(found(routed, alerts({ severity: 'critical', team: 'web' }))).toEqual([
      expect.stringContaining(
        `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critical", team="web", so it falls through to the root receiver 'all': correct the labels, or add a route for them [route-catch-all-only]`,
      ),
    ]);
    expect(found(routed, alerts({ severity: 'critical', team: 'db' }))).toEqual([]);
  });

  test('a tenant that no route asks for, by its name and that of the file with the routes', () => {
    const routed = config({ receiver: 'db', matchers: ['tenant="shop"'] });
    const files = alerts({ severity: 'info', tenant: 'shop' }, { severity: 'info', tenant: 'bank' });
    expect(
      checkRoutesAgainstRules(routed, files, { positions: { file: 'a/am.yml', place: () => undefined } }).map(
        formatFinding,
      ),
    ).toEqual([
      expect.stringMatching(
        /^warning: tenant 'bank': alert 'A1' in group 'g' of 'r\.yaml': no route of a\/am\.yml matches tenant="bank", so it falls through to the root receiver 'all': correct the labels, or add a route for them \[route-catch-all-only\]$/,
      ),
    ]);
  });

  test('not a severity that no route names, when the team has a route', () => {
    const routed = config(
      { receiver: 'db', matchers: ['team="db"'] },
      { receiver: 'db', matchers: ['severity="warning"'] },
    );
    expect(found(routed, alerts({ severity: 'critical', team: 'db' }))).toEqual([]);
  });

  test('not what nobody asks for, what is not known yet, and recording rules', () => {
    const routed = config({ matchers: ['namespace="a"', 'severity!="none"'], receiver: 'db' });
    expect(found(routed, alerts({ severity: 'x', team: 'y' }, { severity: '{{ $labels.level }}' }, {}))).toEqual([]);
    expect(found(routed, file({ record: 'a', expr: 'b', labels: { severity: 'none' } }))).toEqual([]);
  });

  test('annotations that a message shows and no alert sets', () => {
    const routed: AlertmanagerConfig = {
      route: { receiver: 'all' },
      receivers: [{ name: 'all', slack_configs: [{ title: '{{ .CommonAnnotations.summry }}', text: 'plain' }] }],
    };
    const rules = file({ alert: 'A', expr: 'vector(1) > 0', annotations: { summary: 'x' } });
    const text = `{{ define "x" }}{{ range $a := .Alerts }}{{ $a.Annotations.summary }} {{ .Annotations.runbook }}
{{- with .Annotations.dashboard }}{{ . }}{{ end }}{{ or .CommonAnnotations.title .CommonLabels.alertname }}
{{- if .Annotations.impact }}{{ .Annotations.impact }}{{ end }}{{ range .Annotations.SortedPairs }}{{ end }}{{ end }}{{ end }}`;
    const findings = checkRoutesAgainstRules(routed, rules, { templates: [{ file: 'slack.tmpl', text }] });
    expect(findings.map(formatFinding)).toEqual([
      `warning: receiver 'all': slack_configs[0].title: shows the annotation "summry", which no alert sets: correct the name, add it to the alerts, or put it inside {{ with .Annotations.summry }} [template-unset-annotation]`,
      expect.stringMatching(
        /^slack\.tmpl: warning: shows the annotation "runbook", which no alert sets: correct the name, add it to the alerts, or put it inside \{\{ with \.Annotations\.runbook \}\} \[template-unset-annotation\]$/,
      ),
    ]);
    expect(checkRoutesAgainstRules(routed, [], { templates: [{ file: 'slack.tmpl', text }] })).toEqual([]);
  });
});
