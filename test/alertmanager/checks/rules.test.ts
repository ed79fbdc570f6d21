import { checkRoutesAgainstRules } from '../../../lib/alertmanager/checks/rules';
import type { AlertmanagerConfig, Route } from '../../../lib/alertmanager/config/config';
import { formatFinding } from '../../../lib/checks/findings';
import type { AlertRule, Rule, RuleFile, Waiver } from '../../../lib/rules/model';

const config: AlertmanagerConfig = {
  route: { receiver: 'all', routes: [{ matchers: ['severity="warning"'], receiver: 'team' }] },
  receivers: [{ name: 'all' }, { name: 'team' }],
};

function check(severity: string, waive?: readonly Waiver[]): string[] {
  const rule: AlertRule = { alert: 'A', expr: 'sum(rate({app="a"}[1m])) > 1', labels: { severity }, waive };
  return checkRoutesAgainstRules(config, [{ name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] }]).map(
    ({ id }) => id,
  );
}

const waiver = { check: 'route-catch-all-only', reason: 'the whole team reads the catch-all' };

test('reports a severity that no route matches', () => {
  expect(check('warning')).toEqual([]);
  expect(check('critical')).toEqual(['route-catch-all-only']);
});

test('accepts a waiver with a reason', () => {
  expect(check('critical', [waiver])).toEqual([]);
  expect(check('critical', [{ ...waiver, reason: ' ' }])).toEqual(['route-catch-all-only']);
});

test('counts a matching route to the receiver of the root', () => {
  const repeated: AlertmanagerConfig = {
    route: { receiver: 'all', routes: [{ matchers: ['severity="critical"'], receiver: 'all', repeat_interval: '1h' }] },
    receivers: [{ name: 'all' }],
  };
  const check = (severity: string) => {
    const rule: AlertRule = { alert: 'A', expr: 'sum(rate({app="a"}[1m])) > 1', labels: { severity } };
    return checkRoutesAgainstRules(repeated, [{ name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] }]).length;
  };
  expect(check('critical')).toBe(0);
  expect(check('critcal')).toBe(1);
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

  test('reports a severity that no route matches', () => {
    const routed = config({ receiver: 'db', matchers: ['severity=~"critical|warning"'] });
    expect(found(routed, alerts({ severity: 'critcal' }, { severity: 'warning' }))).toEqual([
      `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critcal", so it falls through to the root receiver 'all': correct the labels, or add a route for them [route-catch-all-only]`,
    ]);
  });

  test('reports a severity that falls through to a root without an integration', () => {
    const routed = { ...config({ receiver: 'db', matchers: ['severity="critical"'] }), receivers: [{ name: 'all' }] };
    expect(found(routed, alerts({ severity: 'critcal' }))).toEqual([
      expect.stringContaining(
        `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critcal", so it falls through to the root receiver 'all', which has no integration: correct the labels, or add a route for them [route-catch-all-only]`,
      ),
    ]);
  });

  test('reports a severity that only routes of another team match', () => {
    const routed = config({ receiver: 'db', matchers: ['team="db"'], routes: [{ matchers: ['severity="critical"'] }] });
    expect(found(routed, alerts({ severity: 'critical', team: 'web' }))).toEqual([
      expect.stringContaining(
        `warning: alert 'A0' in group 'g' of 'r.yaml': no route matches severity="critical", team="web", so it falls through to the root receiver 'all': correct the labels, or add a route for them [route-catch-all-only]`,
      ),
    ]);
    expect(found(routed, alerts({ severity: 'critical', team: 'db' }))).toEqual([]);
  });

  test('reports a tenant that no route matches, with the name of the file with the routes', () => {
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

  test('accepts a severity that no route matches if the team has a route', () => {
    const routed = config(
      { receiver: 'db', matchers: ['team="db"'] },
      { receiver: 'db', matchers: ['severity="warning"'] },
    );
    expect(found(routed, alerts({ severity: 'critical', team: 'db' }))).toEqual([]);
  });

  test('ignores labels that no route matches, labels from templates, and recording rules', () => {
    const routed = config({ matchers: ['namespace="a"', 'severity!="none"'], receiver: 'db' });
    expect(found(routed, alerts({ severity: 'x', team: 'y' }, { severity: '{{ $labels.level }}' }, {}))).toEqual([]);
    expect(found(routed, file({ record: 'a', expr: 'b', labels: { severity: 'none' } }))).toEqual([]);
  });

  test('reports annotations that a message shows and no alert sets', () => {
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
