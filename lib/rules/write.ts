import { Document, isNode, isScalar, Scalar, visit } from 'yaml';
import { waiverComment } from '../checks/waiver';
import { isAlert, type Rule, type RuleFile, type RuleGroup } from './model';

/**
 * What stands in no YAML text as it is: control characters, the byte order mark and non-characters; and line separators,
 * where Loki's YAML reader breaks lines as YAML 1.1 wants it.
 */
const NEEDS_ESCAPE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Lines of nothing but spaces have no safe form in a block. */
const NEEDS_QUOTES = /^[ \t]+$/m;

/**
 * Writes a rule file as Loki's ruler reads it: fields in the order of Prometheus' documentation, expressions of several
 * lines as block literals, waivers as the comments that `loki-alerts check` reads. Equal files give equal bytes.
 */
export function ruleFileToYaml({ groups }: RuleFile): string {
  return joinGroups(groups.map(groupToYaml));
}

/** One group as an entry of `groups`. */
export function groupToYaml(group: RuleGroup): string {
  // 'yaml-1.1' quotes `yes` and `on` too, so that every YAML reader sees the same strings.
  const document = new Document({ groups: [plainGroup(group)] }, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, (_key, node) => {
    if (!isScalar(node) || typeof node.value !== 'string') return;
    if (NEEDS_ESCAPE.test(node.value) || NEEDS_QUOTES.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
  });
  for (const [i, { waive = [] }] of group.rules.entries()) {
    const rule = document.getIn(['groups', 0, 'rules', i]);
    if (isNode(rule) && waive.length > 0) rule.commentBefore = waive.map(waiverComment).join('\n');
  }
  const text = document.toString({
    lineWidth: 0,
    blockQuote: 'literal',
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
  });
  return text
    .slice('groups:\n'.length)
    .replace(new RegExp(NEEDS_ESCAPE, 'g'), (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The rule file of groups that `groupToYaml` has written. */
export function joinGroups(groups: readonly string[]): string {
  return groups.length > 0 ? `groups:\n${groups.join('')}` : 'groups: []\n';
}

/** The group as Loki knows it: what is not set and what is ours alone is absent. */
function plainGroup({ name, interval, limit, rules }: RuleGroup): object {
  return withoutUndefined({ name, interval, limit, rules: rules.map(plainRule) });
}

function plainRule(rule: Rule): object {
  const labels = notEmpty(rule.labels);
  return isAlert(rule)
    ? withoutUndefined({
        alert: rule.alert,
        expr: rule.expr,
        for: rule.for,
        labels,
        annotations: notEmpty(rule.annotations),
      })
    : withoutUndefined({ record: rule.record, expr: rule.expr, labels });
}

function notEmpty<T extends object>(map: T | undefined): T | undefined {
  return map && Object.keys(map).length > 0 ? map : undefined;
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
