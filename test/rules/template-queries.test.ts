import { checkRuleFiles } from '../../lib/rules/check-rules';
import type { AlertRule } from '../../lib/rules/model';
import { readRules } from '../../lib/rules/read';

const ALERT: AlertRule = {
  alert: 'A',
  expr: 'sum by (app, path) (count_over_time({app=~".+"} | logfmt | __error__="" [5m])) > 0',
};

/** Returns the findings on an annotation: ids, and messages without the subject. */
function findings(text: string, rule = ALERT) {
  const file = { name: 'r.yaml', groups: [{ name: 'g', rules: [{ ...rule, annotations: { text } }] }] };
  return checkRuleFiles([file]).map(({ id, problem, fix }) => `${id}: ${problem}: ${fix}`);
}

const COUNT = 'sum by (app) (count_over_time({app=%q} |= "error" [5m]))';

test.each([
  ['a literal', '{{ query `sum(count_over_time({app="web"}[5m]))` | first | value }}'],
  ['printf', `{{ range query (printf \`${COUNT}\` $labels.app) }}{{ .Labels.app }}={{ .Value }}{{ end }}`],
  ['a pipeline', `{{ printf \`${COUNT}\` .Labels.app | query | first | value }}`],
  ['a variable', `{{ $q := printf \`${COUNT}\` $labels.app }}{{ with query $q }}{{ len . }}{{ end }}`],
  ['print', '{{ query (print "sum(count_over_time({app=`" $labels.app "`}[5m]))") | first | value }}'],
  ['index', `{{ query (printf \`${COUNT}\` (index $labels "app")) | first | label "app" }}`],
  ['a number', '{{ query (printf `sum(count_over_time({app="web"}[5m])) > %v` $value) | len }}'],
  ['a whole number', '{{ query (printf `topk(%d, sum by (app) (count_over_time({app="web"}[%dm])))` 3 5) | len }}'],
  ['a duration in a label', '{{ query (printf `sum(count_over_time({app="web"}[%s]))` $labels.path) | len }}'],
  ['nested printf', `{{ query (printf "topk(1, %s)" (printf \`${COUNT}\` $labels.app)) | len }}`],
  [
    'an argument by number',
    '{{ query (printf `sum(count_over_time({app=%[1]q}[5m])) / sum(count_over_time({app=%[1]q}[1h]))` $labels.app) | len }}',
  ],
  ['a query of unknown text', '{{ query $labels.app | len }}{{ query (toLower $labels.path) | len }}'],
  ['a part of unknown text', '{{ query (printf "sum(%s)" (toLower $labels.app)) | len }}'],
  ['a variable with two texts', '{{ $q := "x" }}{{ if true }}{{ $q = "y" }}{{ end }}{{ query $q | len }}'],
  [
    'a label that a filter compares',
    '{{ query (printf `sum(count_over_time({app=%q} | app!="web" | app=~"web|api" [5m]))` $labels.app) | len }}',
  ],
  ['a regular expression of a label', '{{ query (printf `sum(count_over_time({app=~%q}[5m]))` $labels.app) | len }}'],
  ['a job', '{{ query (printf `sum(count_over_time({job=%q}[5m]))` $labels.app) | len }}'],
  [
    'unknown labels',
    '{{ range query (printf `count_over_time({app=%q}[5m])` $labels.app) }}{{ .Labels.pod }}{{ end }}',
  ],
  [
    'a grouping by an unknown label',
    '{{ range query (printf `sum by (%s) (count_over_time({app="web"}[5m]))` $labels.path) }}{{ .Labels.pod }}{{ end }}',
  ],
  [
    'labels by label and sortByLabel',
    '{{ range query `sum by (app) (rate({app="web"}[5m]))` | sortByLabel "app" }}{{ label "app" . }}{{ label $labels.path . }}{{ end }}',
  ],
  [
    'unknown labels, by label',
    '{{ range query (printf `count_over_time({app=%q}[5m])` $labels.app) }}{{ label "pod" . }}{{ end }}',
  ],
  [
    'results of two queries',
    '{{ $x := query `sum by (a) (rate({app="web"}[5m]))` }}{{ if true }}{{ $x = query `sum by (b) (rate({app="web"}[5m]))` }}{{ end }}{{ range $x }}{{ .Labels.b }}{{ end }}',
  ],
  [
    'printf elsewhere',
    '{{ printf "%s %q %v %.2f %5.1f%% %d %t %x %T %-10s|%*d" $labels.app "x" $value $value .Value 3 true "x" 1 "y" 5 6 }}',
  ],
  [
    'samples in a message',
    `{{ range $i, $s := query (printf \`sort_desc(topk(2, sum by (sample) (count_over_time({app=%q} | label_format sample="{{ regexReplaceAll \\"[0-9]+\\" __line__ \\"#\\" }}" [5m]))))\` $labels.app) }}{{ $s.Value }}x {{ .Labels.sample }}{{ end }}`,
  ],
])('accepts %s', (_name, text) => {
  expect(findings(text)).toEqual([]);
});

test.each([
  [
    'invalid LogQL',
    `{{ query (printf \`sum(count_over_time({app=%q}[5m])\` $labels.app) | len }}`,
    /^template-query: invalid query in a template: .*end of the query.*, so Loki replaces the text with an error message/,
  ],
  [
    'a log query',
    '{{ range query (printf `{app=%q} |= "x"` $labels.app) }}{{ end }}',
    /^template-query: the query of a template returns lines, not samples, so Loki/,
  ],
  ['PromQL', '{{ query "up" | len }}', /^template-query: invalid query/],
  [
    'an invalid regular expression',
    '{{ query (printf `sum(count_over_time({app=%q} |~ "(" [5m]))` $labels.app) | len }}',
    /^template-query: /,
  ],
  [
    'an invalid line_format',
    '{{ query (printf `sum(count_over_time({app=%q} | line_format "{{ .x" |= "x" [5m]))` $labels.app) | len }}',
    /^template-query: /,
  ],
  [
    'an invalid line_format that Loki ignores',
    '{{ query (printf `sum(count_over_time({app=%q} | line_format "{{ .x" [5m]))` $labels.app) | len }}',
    /^line-format-unread: in the query of a template: invalid template: /,
  ],
  [
    'a label that no collector sets',
    '{{ query `sum(count_over_time({namspace="web"}[5m]))` | len }}',
    /^selector-label-unknown: in the query of a template: /,
  ],
  [
    'a label that the query does not return, by label',
    '{{ range query `sum by (app) (rate({app="web"}[5m]))` }}{{ label "pod" . }}{{ end }}',
    /^template-label: "\.Labels\.pod" is empty: the query in the template does not return this label/,
  ],
  [
    'a label that the query does not return, by label in a pipeline',
    '{{ query `sum by (app) (rate({app="web"}[5m]))` | first | label "pod" }}',
    /^template-label: "\.Labels\.pod" is empty/,
  ],
  [
    'a label that the query does not return, by sortByLabel',
    '{{ range query `sum by (app) (rate({app="web"}[5m]))` | sortByLabel "pod" }}{{ .Value }}{{ end }}',
    /^template-label: "\.Labels\.pod" is empty/,
  ],
  [
    'a label without quotes',
    '{{ query (printf `sum(count_over_time({app=%s}[5m]))` $labels.app) | len }}',
    /^template-query: invalid query in a template: %s writes the label "app" without quotes, so Loki .*: use printf, with %q for the label$/,
  ],
  [
    'print without quotes',
    '{{ query (print `sum(count_over_time({app=` $labels.app `}[5m]))`) | len }}',
    /^template-query: invalid query in a template: the template writes the label "app" without quotes/,
  ],
  [
    'a label of a line between quotes',
    '{{ query (printf `sum(count_over_time({app="web"} |= "%s" [5m]))` $labels.path) | len }}',
    /^template-query-quotes: .*"path" contains a quote or a backslash.*: use %q without quotes around it instead of %s$/,
  ],
  [
    'a label of a line between backticks',
    '{{ query (print "sum(count_over_time({app=`web`} |= `" .Labels.path "` [5m]))") | len }}',
    /^template-query-quotes: .*: use printf, with %q for the label$/,
  ],
  [
    'a missing argument',
    '{{ query (printf `sum(count_over_time({app=%q, path=%q}[5m]))` $labels.app) | len }}',
    /^template-printf: no argument for %q, which printf writes as "%!q\(MISSING\)"/,
  ],
  [
    'an argument too many',
    '{{ printf "%s" $labels.app $value }}',
    /^template-printf: no verb for the last argument of printf/,
  ],
  [
    'a wrong verb',
    '{{ printf "%d" $value }}',
    /^template-printf: %d is not for float64, which printf writes as "%!d\(float64=…\)": use %v, or %.0f/,
  ],
  ['a wrong verb for a text', '{{ printf "%d" $labels.app }}', /^template-printf: %d is not for string/],
  [
    'a wrong verb for a sample',
    '{{ range query `vector(1)` }}{{ printf "%s" .Value }}{{ end }}',
    /^template-printf: %s is not for float64/,
  ],
  ['a percent sign at the end', '{{ printf "%v%" $value }}', /^template-printf: the format ends with "%"/],
  [
    'contradictory filters',
    '{{ query (printf `sum(count_over_time({app=%q} |= "error" != "err" [5m]))` $labels.app) | len }}',
    /^never-matches: in the query of a template: each line that contains "error" is excluded/,
  ],
  [
    'a template in a template',
    '{{ query `sum(count_over_time({app="{{ $labels.app }}"}[5m]))` | len }}',
    /^query-variable: in the query of a template: "\{\{ \$labels\.app \}\}" is not replaced: templates cannot be nested: use printf, with %q without quotes around it: query \(printf `…=%q…` \$labels\.app\)$/,
  ],
  [
    'a template in a line filter of a template',
    '{{ query `sum(count_over_time({app="web"} |= "{{.Value}}" [5m]))` | len }}',
    /: templates cannot be nested: use printf, with %q without quotes around it: query \(printf `…=%q…` \.Value\)$/,
  ],
  [
    'a variable of a dashboard in a template',
    '{{ query `sum(count_over_time({app="$app"}[5m]))` | len }}',
    /^query-variable: in the query of a template: "\$app" is not replaced: rules have no variables, .*: write the value/,
  ],
  [
    'lines that a parser cannot read',
    '{{ query (printf `sum by (path) (count_over_time({app=%q} | json [5m]))` $labels.app) | len }}',
    /^pipeline-error: in the query of a template: a single line that is not JSON fails the query/,
  ],
  [
    'sides that never match',
    '{{ query (printf `sum by (app) (rate({app=%q}[5m])) / sum(rate({app=%q}[5m]))` $labels.app $labels.app) | len }}',
    /^vector-matching: in the query of a template: /,
  ],
  [
    'a label that its query does not return',
    `{{ range query (printf \`${COUNT}\` $labels.app) }}{{ .Labels.pod }}{{ end }}`,
    /^template-label: "\.Labels\.pod" is empty: the query in the template does not return this label: use \.Labels\.app, or group by it: sum by \(app, pod\) \(…\)$/,
  ],
  [
    'a label of its first sample',
    `{{ with query (printf \`${COUNT}\` $labels.app) }}{{ (. | first).Labels.pod }}{{ end }}`,
    /^template-label: "\.Labels\.pod" is empty: the query/,
  ],
  [
    'a label of the alert in an argument',
    `{{ query (printf \`${COUNT}\` $labels.namespace) | len }}`,
    /^template-label: "\$labels\.namespace" is empty: the expression does not return/,
  ],
  [
    'a label of the alert by index',
    `{{ query (printf \`${COUNT}\` (index .Labels "namespace")) | len }}`,
    /^template-label: "\$labels\.namespace" is empty/,
  ],
  [
    'a query in a template that it defines',
    '{{ define "n" }}{{ query (printf `{app=%q}` .) | len }}{{ end }}{{ template "n" $labels.app }}',
    /^template-query: /,
  ],
])('reports %s', (_name, text, message) => {
  expect(findings(text)).toEqual([expect.stringMatching(message)]);
});

test('reports the place in the file, also after escapes and in a folded text', () => {
  const places = (annotations: string) =>
    checkRuleFiles(
      readRules(
        `groups:
  - name: g
    rules:
      - alert: A
        expr: sum by (app) (count_over_time({app="web"} |= "error" [5m])) > 0
        annotations:
${annotations}`,
        'r.yaml',
      ),
    ).map(({ id, place }) => `${id} ${place?.line}:${place?.column}`);
  const annotations = [
    `          a: '{{ query (printf \`sum(count_over_time({app=%q} |= "error" != "err" [5m]))\` $labels.app) | len }}'`,
    '          b: "{{ query (printf \\"sum(count_over_time({app=%q} |= \\\\\\"error\\\\\\" != \\\\\\"err\\\\\\" [5m]))\\" $labels.app) | len }}"',
    '          c: >-',
    '            some {{ $q := printf `sum(count_over_time({app=%q} |= "error"',
    '            != "err" [5m]))` $labels.app }}',
    '            {{ query $q | len }}',
    '          d: |',
    '            {{ query (printf `{app=%q}` $labels.pod) | len }}',
    `          e: '{{ printf "%s is %d" $labels.app $value }}'`,
  ];
  const [a = '', b = '', , , c = '', , , d = '', e = ''] = annotations;
  const column = (line: string, text: string) => line.indexOf(text) + 1;
  expect(places(annotations.join('\n')).sort()).toEqual(
    [
      `template-label 14:${column(d, '.pod')}`,
      `never-matches 7:${column(a, '!=')}`,
      `never-matches 8:${column(b, '!=')}`,
      `never-matches 11:${column(c, '!=')}`,
      `template-query 14:${column(d, '{app')}`,
      `template-printf 15:${column(e, '%d')}`,
    ].sort(),
  );
});
