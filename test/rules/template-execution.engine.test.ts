import { checkRuleFiles } from '../../lib/rules/check-rules';
import { textsOfRuler, withTexts } from './texts-of-ruler';

const IDS: readonly string[] = ['rule-template-field', 'rule-template-execution', 'template-query'];

const QUERY = '`sum by (app) (count_over_time({app=~".+"}[5m]))`';

/** Texts of annotations; the alert has the labels `app="web"` and `code="500"`. */
const TEXTS = [
  '{{ $labels.app }} {{ .Labels.app }} {{ $value }} {{ .Value }} {{ .ExternalURL }} {{ externalURL }}',
  '{{ $labels.missing }}{{ index $labels "app" }}{{ len $labels }}',
  '{{ $value | humanize }} {{ humanizePercentage $value }} {{ $labels.code | humanize }} {{ humanizeDuration 5 }}',
  '{{ printf "%.1f" $value }} {{ $labels.app | toUpper | title }} {{ reReplaceAll "w(.*)" "$1" $labels.app }}',
  '{{ if gt $value 0.5 }}many{{ end }}',
  '{{ if eq $labels.app "web" }}x{{ end }}{{ with $labels }}{{ .app }}{{ end }}',
  '{{ range $k, $v := $labels }}{{ $k }}={{ $v }}{{ end }}',
  '{{ define "x" }}{{ .Labels.app }}{{ end }}{{ template "x" . }}',
  `{{ range query ${QUERY} }}{{ .Labels.app }} {{ .Value }}{{ end }}`,
  `{{ with query ${QUERY} }}{{ . | first | value | humanize }}{{ end }}`,
  `{{ range query ${QUERY} | sortByLabel "app" }}{{ label "app" . }}{{ end }}`,
  '{{ $externalLabels.cluster }}{{ match "w.b" $labels.app }}{{ now | humanizeTimestamp }}',
  '{{ .app }}',
  '{{ .CommonLabels.app }}',
  '{{ range .Alerts }}{{ .Labels.app }}{{ end }}',
  '{{ $labels.app.name }}',
  '{{ .Labels.app.name }}',
  '{{ $value.A }}',
  '{{ template "x" . }}',
  '{{ $labels.app | humanize }}',
  '{{ humanizeDuration .Labels.app }}',
  '{{ if gt $value 5 }}many{{ end }}',
  '{{ toUpper $value }}',
  '{{ reReplaceAll "(" "" $labels.app }}',
  '{{ match "[" $labels.app }}',
  '{{ range $value }}{{ end }}',
  '{{ query "up" }}',
  '{{ range query `{app="web"}` }}{{ .Value }}{{ end }}',
  `{{ range query ${QUERY} }}{{ .app }}{{ end }}`,
  '{{ $labels.app "x" }}',
  '{{ index $labels 1 }}',
  '{{ define "x" }}{{ .Foo }}{{ end }}{{ template "x" . }}',
];

test('agrees with the ruler on the templates that fail', async () => {
  const expr = 'label_replace(label_replace(vector(1), "app", "web", "", ""), "code", "500", "", "")';
  const file = withTexts(expr, TEXTS);
  const actual = (await textsOfRuler(file, 'x')).map((text) => text.startsWith('<error'));
  const found = new Set(
    checkRuleFiles([file])
      .filter(({ id }) => IDS.includes(id))
      .map(({ path }) => path[3]),
  );
  expect(TEXTS.filter((_, index) => found.has(index))).toEqual(TEXTS.filter((_, index) => actual[index]));
  expect(actual.filter(Boolean).length).toBeGreaterThan(15);
}, 60_000);
