import { isNode } from 'yaml';
import { writeYaml } from '../yaml/write';
import { isAlert, type Rule, type RuleFile, type RuleGroup } from './model';
import { waiverComment } from './waiver';

/**
 * Returns a rule file as YAML for Loki's ruler: fields in the order of Prometheus' documentation, multi-line
 * expressions as block literals, waivers as the comments that `loki-alerts check` reads. Equal files give equal bytes.
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 *
 * const file = errors({ grafanaUrl: 'https://grafana.example.com' });
 * writeFileSync(file.name, ruleFileToYaml(file));
 */
export function ruleFileToYaml({ groups }: RuleFile): string {
  return joinGroups(groups.map(groupToYaml));
}

/** Returns one group as an entry of `groups`. */
export function groupToYaml(group: RuleGroup): string {
  const text = writeYaml({ groups: [plainGroup(group)] }, (document) => {
    for (const [i, { waive = [] }] of group.rules.entries()) {
      const rule = document.getIn(['groups', 0, 'rules', i]);
      if (isNode(rule) && waive.length > 0) rule.commentBefore = waive.map(waiverComment).join('\n');
    }
  });
  return text.slice('groups:\n'.length);
}

/** Returns a rule file of groups from `groupToYaml`. */
export function joinGroups(groups: readonly string[]): string {
  return groups.length > 0 ? `groups:\n${groups.join('')}` : 'groups: []\n';
}

/** Returns a group with only the fields that are set and that Loki supports. */
export function plainGroup({ name, interval, limit, rules }: RuleGroup): object {
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
