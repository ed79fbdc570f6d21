import { checkTemplateNames } from '../../../lib/alertmanager/checks/template-names';
import { formatFinding } from '../../../lib/checks/findings';

/** Findings for a message with this title and for these template files. */
function found(title: string, ...texts: string[]): string[] {
  const receivers = [{ name: 'r', slack_configs: [{ api_url: 'http://slack', title }] }];
  const files = texts.map((text, i) => ({ file: `templates/${i}.tmpl`, text }));
  return checkTemplateNames({ config: { route: { receiver: 'r' }, receivers }, files }).map(formatFinding);
}

test('reports undefined templates in a message and in a file', () => {
  expect(found('{{ template "shop.titel" . }}', '{{ define "shop.title" }}\n{{ template "nope" }}{{ end }}')).toEqual([
    expect.stringMatching(
      /^templates\/0\.tmpl:2:13: error: undefined template "nope", so the message cannot be shown: add the file that defines it, or correct the name \[template-undefined\]$/,
    ),
    expect.stringMatching(
      /^error: receiver 'r': slack_configs\[0\]\.title: undefined template "shop\.titel", so Slack shows a message that is blank from there on, and Alertmanager logs nothing: add the file that defines it, or correct the name; did you mean 'shop\.title'\? \[template-undefined\]$/,
    ),
  ]);
});

test('suggests no name if none is similar', () => {
  expect(found('{{ template "custom_mail_subject" . }}')).toEqual([
    expect.stringMatching(
      /error: receiver 'r': slack_configs\[0\]\.title: undefined template "custom_mail_subject", so Slack shows a message that is blank from there on, and Alertmanager logs nothing: add the file that defines it, or correct the name \[template-undefined\]/,
    ),
  ]);
});

test.each([
  ['of a file', '{{ template "a" . }}', '{{ define "a" }}{{ end }}'],
  [
    'of another file',
    '{{ template "a" . }}',
    '{{ define "a" }}{{ template "b" }}{{ end }}',
    '{{ define "b" }}x{{ end }}',
  ],
  ['of Alertmanager', '{{ template "slack.default.title" . }} {{ template "__subject" . }}'],
  ['of the message itself', '{{ define "a" }}x{{ end }}{{ block "b" . }}{{ end }}{{ template "a" . }}'],
  ['that is a whole file', '{{ template "0.tmpl" . }}', 'text'],
])('accepts a template %s', (_, title, ...files) => {
  expect(found(title, ...files)).toEqual([]);
});

test('reports a template that only another message defines', () => {
  expect(found('{{ template "a" . }}', '{{ template "b" . }}')).toHaveLength(2);
});

test('ignores a file with a syntax error, which is reported separately', () => {
  expect(found('{{ template "a" . }}', '{{ define "a" }}')).toEqual([]);
});
