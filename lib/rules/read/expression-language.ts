import { parseLogQL, readsLogs } from '../../logql';

/** Language of an expression in a rule group. `template`: Helm or Jinja, which renders to one of the others. */
export type ExpressionLanguage = 'logql' | 'promql' | 'template';

const STRINGS = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`/g;
const COMMENTS = /#.*$/gm;
const LABEL_LISTS = /\b(?:by|without|on|ignoring|group_left|group_right)\b\s*(?:\([^()]*\))?/gi;
/** `up{` and `up[`: LogQL has no name before a selector or a range. */
const METRIC_SELECTOR = /[a-zA-Z_:][\w:]*\s*[{[]/;
const NAMELESS_SELECTOR = /(?<![\w:\s])\s*\{|^\s*\{/;
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'atan2', 'group', 'start', 'end']);

/**
 * Language of the expressions of one file; undefined if none indicates it. Only LogQL has pipes. Without one, a
 * selector such as `{job="a"}` may be in either language, and the majority decides.
 */
export function languageOf(expressions: readonly string[]): ExpressionLanguage | undefined {
  const count = { logql: 0, either: 0, promql: 0, template: 0 };
  for (const expression of expressions) {
    const sign = signOf(expression);
    if (sign) count[sign]++;
  }
  if (count.logql > 0) return 'logql';
  if (count.promql > count.either) return 'promql';
  if (count.either > 0) return 'logql';
  return count.template > 0 ? 'template' : undefined;
}

function signOf(expression: string): ExpressionLanguage | 'either' | undefined {
  const bare = expression.replace(STRINGS, '""').replace(COMMENTS, '');
  if (/\{\{|\{%|<%|<<|\[\[|\$\{|%\(/.test(bare)) return 'template';
  if (bare.includes('|')) return 'logql';
  const { expr } = parseLogQL(expression);
  if (expr) return readsLogs(expr) ? 'either' : undefined;
  const text = bare.replace(LABEL_LISTS, ' ');
  if (METRIC_SELECTOR.test(text) || /\{[^}]*__name__/.test(text)) return 'promql';
  if (NAMELESS_SELECTOR.test(text)) return 'either';
  return namesMetric(text) ? 'promql' : undefined;
}

function namesMetric(text: string): boolean {
  return [...text.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()/g)].some(
    ([name]) => !WORDS.has(name.toLowerCase()),
  );
}
