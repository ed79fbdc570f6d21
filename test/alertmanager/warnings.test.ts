import { checkRoutesAgainstRules } from '../../lib/alertmanager/check-rules';
import type { AlertmanagerConfig, Route } from '../../lib/alertmanager/config';
import { formatFinding } from '../../lib/findings';
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
    expect(found).toMatchObject({ id: 'route-unreachable', severity: 'warning', line: 7, subject: 'route.routes[2]' });
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
      'f:6:34: warning: route.routes[1].routes[0]: never gets an alert: no label can fulfil its matchers and those of the routes above it at once. Correct them, or remove the route [route-unreachable]',
    ]);
  });

  test('because what is above it narrows it to what one before takes', () => {
    expect(warnings(routes('{matchers: [a="b"], routes: [{matchers: [a!="c"]}, {matchers: [x="y"]}]}'))).toEqual([
      expect.stringContaining(
        'route.routes[1].routes[1]: never gets an alert: route.routes[1].routes[0] before it takes all',
      ),
    ]);
  });
});

test('routes that tell the same people twice', () => {
  expect(
    warnings(routes('{matchers: [a="b", c="d"], continue: true}', '{matchers: ["{c=\\"d\\", a=\\"b\\"}"]}')),
  ).toEqual([
    'f:7:5: warning: route.routes[2]: has the matchers and the receiver of route.routes[1], which continues here: everything is told twice. Remove one [route-duplicate]',
  ]);
});

test('continue on the last route', () => {
  expect(warnings(routes('{matchers: [a="b"], continue: true}'))).toEqual([
    'f:6:25: warning: route.routes[1].continue: has no effect, because no route follows beside this one: remove it, or move the route up [route-continue-last]',
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
    'f:4:15: warning: route.group_wait: group_wait is 10m and group_interval 5m: the first message on a group waits longer than later ones. Make group_wait the shorter one [route-group-wait]',
    'f:5:20: warning: route.repeat_interval: repeat_interval is 12m and group_interval 5m: groups are looked at once in a group_interval, so an unchanged group is told every 3 times 5m. Make repeat_interval a multiple of group_interval [route-repeat-interval]',
    'f:9:22: warning: route.routes[1].repeat_interval: repeat_interval is 30m and group_interval 1h: groups are looked at once in a group_interval, so an unchanged group is told every 1h. Make repeat_interval a multiple of group_interval [route-repeat-interval]',
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
    "f:1:24: warning: receiver 's': no route uses the receiver 's', so it never tells anything: route alerts to it, or remove it [receiver-unused]",
    'f:2:32: warning: route.routes[0].match: is deprecated by Alertmanager: write it as matchers, for instance matchers: [\'severity="critical"\'] [alertmanager-deprecated]',
    'f:2:60: warning: route.routes[1].matchers[0]: only Alertmanager\'s old parser, which is to go away, reads this: write a="b c" [matcher-classic]',
    'f:4:3: warning: inhibit_rules[0]: has no equal, so one alert of the source silences every alert of the target, of any service: add the labels that must be the same, for instance equal: [namespace, app] [inhibit-without-equal]',
    'f:4:4: warning: inhibit_rules[0].source_match: is deprecated by Alertmanager: write it as source_matchers, for instance source_matchers: [\'severity="critical"\'] [alertmanager-deprecated]',
    'f:5:1: warning: mute_time_intervals: is to go away: call it time_intervals [alertmanager-deprecated]',
  ]);
});

test('a second document, which Alertmanager ignores', () => {
  expect(warnings('receivers: [{name: r}]\nroute: {receiver: r}\n---\nroute: {}\n')).toEqual([
    expect.stringMatching(/^f:3:1: warning: Alertmanager reads the first document only .*\[alertmanager-documents\]$/),
  ]);
});

describe('receivers that tell nobody', () => {
  const empty = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id === 'receiver-empty');

  test('and get alerts', () => {
    expect(empty('receivers: [{name: Default}]\nroute: {receiver: Default}\n').map(formatFinding)).toEqual([
      "f:1:13: warning: receiver 'Default': gets alerts and has nothing to tell them by, so nobody hears of them: add for instance slack_configs, or call it 'null' if nobody should [receiver-empty]",
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
      ['a proxy', webhook(`{proxy_url: "${ADDRESS}"}`), undefined, /proxy_url: .*: no file takes that of a proxy/],
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
      expect(found).toEqual([expect.stringMatching(/: error: .*holds a password.*\[inline-secret\]$/)]);
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
      `warning: alert 'A0' in group 'g' of 'r.yaml': no route takes severity="critcal" to a receiver of its own, so only 'all' of the root hears of it: correct the labels, or add a route for them [route-catch-all-only]`,
    ]);
  });

  test('a severity that no route asks for, of which not even the root tells anybody', () => {
    const routed = { ...config({ receiver: 'db', matchers: ['severity="critical"'] }), receivers: [{ name: 'all' }] };
    expect(found(routed, alerts({ severity: 'critcal' }))).toEqual([
      expect.stringContaining("so nobody hears of it, because 'all' of the root is empty: correct the labels"),
    ]);
  });

  test('a severity that only another team is asked for', () => {
    const routed = config({ receiver: 'db', matchers: ['team="db"'], routes: [{ matchers: ['severity="critical"'] }] });
    expect(found(routed, alerts({ severity: 'critical', team: 'web' }))).toEqual([
      expect.stringContaining('no route takes severity="critical", team="web"'),
    ]);
    expect(found(routed, alerts({ severity: 'critical', team: 'db' }))).toEqual([]);
  });

  test('a tenant that no route asks for, by its name and that of the file with the routes', () => {
    const routed = config({ receiver: 'db', matchers: ['tenant="shop"'] });
    const files = alerts({ severity: 'info', tenant: 'shop' }, { severity: 'info', tenant: 'bank' });
    expect(checkRoutesAgainstRules(routed, files, { file: 'a/am.yml' }).map(formatFinding)).toEqual([
      expect.stringMatching(
        /^warning: tenant 'bank': alert 'A1' in .*: no route of a\/am\.yml takes tenant="bank" to a receiver/,
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
      "warning: receiver 'all': slack_configs[0].title: shows the annotation 'summry', which no alert sets, so there would be nothing: correct its spelling, add it to the alerts, or put it within {{ with .Annotations.summry }} [template-unset-annotation]",
      expect.stringMatching(/^warning: slack.tmpl: shows the annotation 'runbook'/),
    ]);
    expect(checkRoutesAgainstRules(routed, [], { templates: [{ file: 'slack.tmpl', text }] })).toEqual([]);
  });
});
