import { checkTemplateExecution } from '../../../lib/alertmanager/checks/template-execution';
import { formatFinding } from '../../../lib/checks/findings';
import { DEFAULT_ALERTMANAGER } from '../../../lib/versions/alertmanager';

const problems = (text: string, file = '', version = DEFAULT_ALERTMANAGER, kind = 'webex_configs') =>
  checkTemplateExecution({
    config: { route: { receiver: 'r' }, receivers: [{ name: 'r', [kind]: [{ message: text, text }] }] },
    files: [{ file: 'templates/a.tmpl', text: file }],
    version,
  })
    .filter(({ subject }) => !subject?.endsWith('.text') || kind !== 'webex_configs')
    .map(formatFinding);

test.each([
  ['{{ .Labels.app }}', 'Data has no field "Labels", …: use .CommonLabels, or put it in {{ range .Alerts }}…{{ end }}'],
  ['{{ .StartsAt }}', 'Data has no field "StartsAt", …: put it in {{ range .Alerts }}…{{ end }}'],
  [
    '{{ range .Alerts }}{{ .CommonLabels.app }}{{ end }}',
    'Alert has no field "CommonLabels", …: use $.CommonLabels: the dot is Alert here',
  ],
  [
    '{{ range .Alerts }}{{ .Value }}{{ end }}',
    'Alert has no field "Value", …: show the value in an annotation of the alert, with {{ $value }}',
  ],
  [
    '{{ .Alerts.Firing.Labels }}',
    '[]Alert has no field "Labels", …: put it in a range over the alerts, e.g. {{ range .Alerts }}…{{ end }}',
  ],
  [
    '{{ with .CommonAnnotations.summary }}{{ .Status }}{{ end }}',
    'string has no field "Status", …: use $.Status: the dot is string here',
  ],
  ['{{ .Values.url }}', 'Data has no field "Values", …: render the chart first: Alertmanager has no Helm values'],
  ['{{ .ExternalUrl }}', `Data has no field "ExternalUrl", …: correct the name; did you mean 'ExternalURL'?`],
  ['{{ .CommonLabels | toUpper }}', 'toUpper expects string, got KV, …: correct it'],
  [
    '{{ match "(" .Status }}',
    'invalid regular expression "(": error parsing regexp: missing closing ): `(`, …: correct it',
  ],
])('%s fails', (text, expected) => {
  expect(problems(text)).toEqual([
    `error: receiver 'r': webex_configs[0].message: the template fails: ${expected.replace('…:', 'so no notification is sent:')} [template-execution]`,
  ]);
});

test.each([
  '{{ range .Alerts }}{{ .Labels.app }} {{ .StartsAt.Format "15:04" }}{{ end }}',
  '{{ (index .Alerts 0).Labels.app }} {{ .CommonLabels.SortedPairs.Names | join ", " }}',
  '{{ with .Alerts.Firing }}{{ len . }}{{ end }} {{ $.CommonLabels.Remove (stringSlice "app") }}',
  '{{ $x := .Status }}{{ range .Alerts }}{{ $x = .GeneratorURL }}{{ end }}{{ $x | toUpper }}',
  '{{ range (dict "alerts" .Alerts).alerts }}{{ .Labels.app }}{{ end }}',
])('%s is fine', (text) => {
  expect(problems(text)).toEqual([]);
});

test('reports a file at its place, once, with the dot of its caller', () => {
  const file =
    '{{ define "one" }}\n{{ .CommonLabels.app }}{{ .Labels.app }}{{ end }}\n{{ define "uncalled" }}{{ .Nope }}{{ end }}';
  const text =
    '{{ range .Alerts }}{{ template "one" . }}{{ end }}{{ range .Alerts.Firing }}{{ template "one" . }}{{ end }}';

  expect(problems(text, file)).toEqual([
    'templates/a.tmpl:2:4: error: the template fails: Alert has no field "CommonLabels", so no notification is sent: use .Labels: the template is called with one alert [template-execution]',
  ]);
});

test.each([
  ['{{ define "a" }}{{ template "a" . }}{{ end }}', 1],
  ['{{ define "a" }}{{ template "b" . }}{{ end }}{{ define "b" }}x{{ template "a" . }}{{ end }}', 1],
  [
    '{{ define "a" }}{{ if .Alerts }}{{ template "b" . }}{{ end }}{{ end }}{{ define "b" }}{{ template "b" . }}{{ end }}',
    1,
  ],
  ['{{ define "a" }}{{ if .Alerts }}{{ template "a" . }}{{ end }}{{ end }}', 0],
  ['{{ define "a" }}{{ range .Alerts }}{{ template "a" $ }}{{ end }}{{ end }}', 0],
  ['{{ define "a" }}{{ template "b" . }}{{ template "b" . }}{{ end }}{{ define "b" }}x{{ end }}', 0],
])('a template that calls itself without a condition fails: %s', (text, count) => {
  const found = problems(`${text}{{ template "a" . }}`);
  expect(found).toHaveLength(count);
});

test('a template that calls itself is checked once', () => {
  const file = '{{ define "a" }}{{ .Nope }}{{ if .Status }}{{ template "a" . }}{{ end }}{{ end }}';
  expect(problems('{{ template "a" . }}', file)).toHaveLength(1);
});

test('fields and functions are those of the version', () => {
  const join = '{{ .CommonLabels.Names.Join ", " }}{{ .NotificationReason }}';

  expect(problems(join)).toEqual([]);
  expect(problems(join, '', '0.31.0')).toHaveLength(2);
  expect(problems('{{ join "," (list 1) }}', '', '0.34.0')).toHaveLength(1);
});

test('Slack shows a blank message', () => {
  expect(problems('{{ .Labels }}', '', DEFAULT_ALERTMANAGER, 'slack_configs')[0]).toContain(
    'so Slack shows a message that is blank from there on, and Alertmanager logs nothing',
  );
});

test.each([
  [
    '{{ printf "%d" .CommonLabels.app }}',
    '%d is not for string, which printf writes as "%!d(string=…)": use %s, or %q for a text in quotes',
  ],
  [
    '{{ range .Alerts }}{{ printf "%s %s" .Status }}{{ end }}',
    'no argument for %s, which printf writes as "%!s(MISSING)": add the argument, or write %% for a percent sign',
  ],
  ['{{ .Alerts | len | printf "%s" }}', '%s is not for int, which printf writes as "%!s(int=…)": use %v, or %d'],
])('%s has a mistake of printf', (text, expected) => {
  expect(problems(text)).toEqual([`warning: receiver 'r': webex_configs[0].message: ${expected} [template-format]`]);
});

test.each([
  '{{ printf "%s %q %v %d%%" .Status .CommonLabels.app .Alerts (len .Alerts) }}',
  '{{ range .Alerts }}{{ printf "%s %v %s %d" (since .StartsAt) (since .StartsAt) .StartsAt.Month .StartsAt.Month }}{{ end }}',
])('%s has no mistake of printf', (text) => {
  expect(problems(text)).toEqual([]);
});

test('reports printf in a file at its place, once for all receivers', () => {
  const file = '{{ define "one" }}\n{{ printf "%d" .Status }}{{ end }}';
  expect(
    problems('{{ template "one" . }} {{ template "one" . }}', file, DEFAULT_ALERTMANAGER, 'slack_configs'),
  ).toEqual([expect.stringMatching(/^templates\/a\.tmpl:2:12: warning: %d is not for string.*\[template-format\]$/)]);
});
