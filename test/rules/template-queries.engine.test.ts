import { checkRuleFiles } from '../../lib/rules/check-rules';
import { textsOfRuler, withTexts } from './texts-of-ruler';

const IDS: readonly string[] = ['template-query', 'template-query-quotes', 'template-printf', 'pipeline-error'];

/** Texts of annotations, and whether Loki or Go writes an error into them. */
const TEXTS: readonly (readonly [text: string, fails: boolean])[] = [
  ['{{ query (printf `sum(count_over_time({app=%q}[5m]))` $labels.app) | first | value }}', false],
  ['{{ printf `sum(count_over_time({app="%s"}[5m])) * %v` $labels.app $value | query | first | value }}', false],
  ['{{ $q := print "sum(count_over_time({app=~`" .Labels.app "`}[5m]))" }}{{ query $q | len }}', false],
  [
    '{{ range query (printf `sum by (app) (count_over_time({app=%q} | logfmt | __error__="" [5m]))` $labels.app) }}{{ .Value }}{{ end }}',
    false,
  ],
  ['{{ query (printf `sum(count_over_time({app="web"} | path=%q [5m]))` $labels.path) | len }}', false],
  ['{{ query (printf `topk(%d, count_over_time({app=%q}[%dm]))` 1 $labels.app 5) | len }}', false],
  ['{{ printf "%.1f %5.1f%% %-5s|%q %v %t %x" $value .Value $labels.app $labels.path $labels.app true "x" }}', false],
  ['{{ query (printf `sum(count_over_time({app=%s}[5m]))` $labels.app) | len }}', true],
  ['{{ query (printf `{app=%q} |= "x"` $labels.app) | len }}', true],
  ['{{ query (printf `sum(count_over_time({app=%q}[5m])` $labels.app) | len }}', true],
  ['{{ query (printf `sum(count_over_time({app=%q} |~ "(" [5m]))` $labels.app) | len }}', true],
  ['{{ query (printf `sum(count_over_time({app=%q} | line_format "{{ .x" |= "x" [5m]))` $labels.app) | len }}', true],
  ['{{ query (printf `sum(count_over_time({app=~%q | "}[5m]))` $labels.app) | len }}', true],
  ['{{ query (print `sum(count_over_time({app=` .Labels.app `}[5m]))`) | len }}', true],
  ['{{ query (printf `sum(count_over_time({app="web"} | path="%s" [5m]))` $labels.path) | len }}', true],
  ['{{ query (print `sum(count_over_time({app="web"} |= "` $labels.path `" [5m]))`) | len }}', true],
  ['{{ query (printf `sum by (path) (count_over_time({app=%q} | json [5m]))` $labels.app) | len }}', true],
  ['{{ printf "%d" $value }}', true],
  ['{{ printf "%s" $value }}', true],
  ['{{ printf "%d" $labels.app }}', true],
  ['{{ printf "%s and %s" $labels.app }}', true],
  ['{{ printf "%s" $labels.app $labels.path }}', true],
  ['{{ printf "%[3]s" $labels.app }}', true],
  ['{{ printf "100%" }}', true],
  ['{{ printf "%q" $value }}{{ printf "%y" 1 }}{{ printf "%t" 1 }}', true],
];

test('agrees with the ruler on the queries and formats that fail', async () => {
  // Not before the line can be queried.
  const expr = 'label_replace(sum by (app) (count_over_time({app="web"}[5m])), "path", "a\\"b", "", "")';
  const file = withTexts(
    expr,
    TEXTS.map(([text]) => text),
  );
  const texts = await textsOfRuler(file, 'n=many');
  const failing = TEXTS.filter((_, index) => /^<error|%!/.test(texts[index] ?? '')).map(([text]) => text);
  expect(failing).toEqual(TEXTS.filter(([, fails]) => fails).map(([text]) => text));
  const found = new Set(
    checkRuleFiles([file])
      .filter(({ id }) => IDS.includes(id))
      .map(({ path }) => path[3]),
  );
  expect(TEXTS.filter((_, index) => found.has(index)).map(([text]) => text)).toEqual(failing);
}, 60_000);
