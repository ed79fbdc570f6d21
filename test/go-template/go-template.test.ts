import {
  checkTemplate,
  LOGQL_TEMPLATE,
  notificationTemplate,
  RULE_TEMPLATE,
  type TemplateDialect,
  templateFields,
} from '../../lib/go-template';
import fc, { anyCharacter, runs } from '../support/properties';
import corpus from './corpus.json';

const NOTIFICATION_TEMPLATE = notificationTemplate('0.35.0');
const message = (text: string, dialect: TemplateDialect = RULE_TEMPLATE): string | undefined =>
  checkTemplate(text, dialect)[0]?.message;

test('accepts and rejects the same templates of the corpus as Go', () => {
  const wrong = corpus.filter(({ template, valid }) => (message(template, LOGQL_TEMPLATE) === undefined) !== valid);
  expect(wrong).toEqual([]);
  expect(corpus.length).toBeGreaterThan(300);
});

test.each([
  ['{{ $labels.app }} logs {{ $value | humanize }}/s', undefined],
  ['{{ with index $labels "app" }}{{ . }}{{ end }}', undefined],
  ['{{ $externalURL }}', 'undefined variable "$externalURL"'],
  ['{{ define "x" }}{{ $labels.app }}{{ end }}', 'undefined variable "$labels"'],
  ['{{ upper $labels.app }}', 'function "upper" not defined'],
  ['{{ $labels.app', 'unclosed action: end it with }}'],
  ['{{ if $labels.app }}x', 'unexpected end of the text: add {{end}}'],
  ['{{ end }}', 'unexpected {{end}}: no block is open here'],
  ['{{ $labels.app | "x" }}', 'non executable command in pipeline stage 2: use a function after |'],
])('%s', (text, expected) => {
  expect(message(text)).toBe(expected);
});

test('each dialect has its own functions', () => {
  expect(message('{{ .a | ToUpper }}', LOGQL_TEMPLATE)).toBeUndefined();
  expect(message('{{ .a | ToUpper }}', NOTIFICATION_TEMPLATE)).toBe('function "ToUpper" not defined');
  expect(message('{{ .CommonLabels.SortedPairs.Values | join " " | toUpper }}', NOTIFICATION_TEMPLATE)).toBeUndefined();
});

test('reports the position of a problem', () => {
  const text = 'rate of {{ nope $value }}';
  const [problem] = checkTemplate(text, RULE_TEMPLATE);
  expect(text.slice(problem?.from, problem?.to)).toBe('nope');
});

test('templateFields returns the fields that a template reads', () => {
  const text =
    '{{ .Labels.app }} {{ $labels.pod }} {{ index .Annotations "summary" }} {{ range .Alerts.Firing }}{{ .Labels.x }}{{ end }}';
  expect(templateFields(text)).toEqual([
    ['', 'Labels', 'app'],
    ['$labels', 'pod'],
    ['', 'Annotations', 'summary'],
    ['', 'Alerts', 'Firing'],
    ['', 'Labels', 'x'],
  ]);
});

test('throws for no text', () => {
  const pieces = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    ' -}}',
    '(',
    ')',
    '|',
    '$x',
    ':=',
    '.a',
    '"',
    '`',
    "'",
    'if',
    'end',
    'range',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: anyCharacter }))), (parts) => {
      const text = parts.join('');
      checkTemplate(text, RULE_TEMPLATE);
      templateFields(text);
    }),
    { numRuns: runs(2000) },
  );
});

test('rejects deep nesting before the stack overflows', () => {
  expect(message(`{{${'('.repeat(100_000)}`)).toBe('blocks and parentheses are nested too deeply');
  expect(message('{{if .a}}'.repeat(100_000))).toBe('blocks and parentheses are nested too deeply');
});
