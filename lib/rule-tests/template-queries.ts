import { callsOf, parseTemplate, templateFunctions } from '../go-template';
import type { AlertRule } from '../rules/model';
import { unquoteGo } from '../text/go-string';

/** Texts of a rule with templates. */
const KINDS = ['labels', 'annotations'] as const;

interface QueryText {
  /** LogQL. @default not constant, so that only the ruler knows it */
  readonly expr?: string;
  /** Offsets of the string constant. */
  readonly from: number;
  readonly to: number;
}

/** Calls of `query` in a template; one without `expr` if not all can be found. */
function queriesIn(text: string): QueryText[] {
  const expected = templateFunctions(text).filter((name) => name === 'query').length;
  const calls = expected === 0 ? [] : callsOf('query', parseTemplate(text)?.nodes ?? []);
  const found = calls.map(({ constant }) =>
    constant ? { ...constant, expr: unquoteGo(constant.text)?.value } : { from: 0, to: 0 },
  );
  return found.length === expected ? found : [{ from: 0, to: 0 }];
}

/** Returns the texts of a rule whose queries depend on the alert. */
export function dynamicQueries(rule: AlertRule): { readonly kind: (typeof KINDS)[number]; readonly name: string }[] {
  return KINDS.flatMap((kind) =>
    Object.entries(rule[kind] ?? {})
      .filter(([, text]) => queriesIn(text).some(({ expr }) => expr === undefined))
      .map(([name]) => ({ kind, name })),
  );
}

/** Returns the queries in the templates of a rule, each once. */
export function templateQueries(rule: AlertRule): string[] {
  const texts = KINDS.flatMap((kind) => Object.values(rule[kind] ?? {}));
  return [...new Set(texts.flatMap((text) => queriesIn(text).flatMap(({ expr }) => expr ?? [])))];
}

/** Replaces the queries in the templates of a rule. */
export function replaceQueries<Rule extends AlertRule>(rule: Rule, replace: (expr: string) => string): Rule {
  const replaced = (text: string) =>
    queriesIn(text).reduceRight(
      (rest, { expr, from, to }) =>
        expr === undefined ? rest : rest.slice(0, from) + JSON.stringify(replace(expr)) + rest.slice(to),
      text,
    );
  const all = (texts: Readonly<Record<string, string>> | undefined) =>
    texts && Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, replaced(text)]));
  return { ...rule, labels: all(rule.labels), annotations: all(rule.annotations) };
}
