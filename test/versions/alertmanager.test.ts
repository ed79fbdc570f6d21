import { checkTemplateFiles } from '../../lib/alertmanager/checks/template-files';
import { alertmanagerTemplates, checkTemplateNames } from '../../lib/alertmanager/checks/template-names';
import { formatFinding } from '../../lib/checks/findings';
import { DEFAULT_ALERTMANAGER, versionProblem } from '../../lib/versions/alertmanager';
import { images } from '../../lib/versions/images';
import { versionOf } from '../../lib/versions/version';
import { findingsOf } from '../alertmanager/verdict';
import { refusedSince, versionCases } from '../alertmanager/version-cases';

const errors = (yaml: string, version: string) =>
  findingsOf(yaml, 'f', version)
    .filter(({ severity }) => severity === 'error')
    .map(formatFinding);

test.each(versionCases)('accepted since $since: $yaml', ({ yaml, since, before, finding }) => {
  expect(errors(yaml, since)).toEqual([]);
  expect(errors(yaml, before)).toEqual([expect.stringMatching(finding)]);
});

test.each(refusedSince)('refused since 0.35.0: $yaml', ({ yaml, finding }) => {
  expect(errors(yaml, '0.34.1')).toEqual([]);
  expect(errors(yaml, '0.35.0')).toEqual([expect.stringMatching(finding)]);
});

test('outputs of events of one kind need different names', () => {
  const yaml = `route: {receiver: r}
receivers: [{name: r}]
event_recorder: {file_outputs: [{name: a, path: b}, {name: a, path: c}], stdout_outputs: [{name: a}]}
`;

  expect(errors(yaml, '0.35.0')).toEqual([
    expect.stringMatching(
      /f:3:18: error: event_recorder\.file_outputs: duplicate name "a": rename one of the two \[alertmanager-fields\]/,
    ),
  ]);
});

test('functions of templates are known by version', () => {
  const files = [{ file: 'a.tmpl', text: '{{ define "a" }}{{ addDuration "-30m" .Status }}{{ end }}' }];

  expect(checkTemplateFiles(files, '0.35.0')).toEqual([]);
  expect(checkTemplateFiles(files, '0.34.1').map(formatFinding)).toEqual([
    expect.stringContaining('function "addDuration" not defined before version 0.35.0'),
  ]);
});

test('templates of Alertmanager are known by version', () => {
  const config = {
    route: { receiver: 'r' },
    receivers: [
      { name: 'r', slack_configs: [{ api_url_file: '/a', color: '{{ template "slack.default.color" . }}' }] },
    ],
  };

  expect(checkTemplateNames({ config, files: [], version: '0.32.0' })).toEqual([]);
  expect(checkTemplateNames({ config, files: [], version: '0.31.1' })).toHaveLength(1);
  expect(alertmanagerTemplates('0.29.0').filter((name) => name.startsWith('mattermost'))).toEqual([]);
});

test('a version is that of an image, or its number', () => {
  expect(images.alertmanager).toContain(`v${DEFAULT_ALERTMANAGER}`);
  expect(versionOf('registry.example.com:5000/am:v0.34.1@sha256:abc')).toBe('0.34.1');
  expect(versionOf('quay.io/prometheus/alertmanager:0.33.0')).toBe('0.33.0');
  expect(versionOf('registry.example.com:5000/am@sha256:abc')).toBeUndefined();
  expect(versionProblem('0.35')).toMatch(/is not a valid version: use e.g. \d/);
  expect(versionProblem('0.27.0')).toMatch(/is not supported: use 0\.28\.0 or later/);
  expect(versionProblem('0.36.0')).toBeUndefined();
});
