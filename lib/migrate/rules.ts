import { basename } from 'node:path';
import type { Node } from 'yaml';
import type { Finding } from '../checks/findings';
import { parseLogQL, readsLogs } from '../logql';
import type { RuleFile } from '../rules/model';
import type { Scan } from '../rules/read';
import { RuleGroupReader } from '../rules/read/rule-groups';
import { WaiverComments } from '../rules/read/waiver-comments';
import { placeOf } from '../rules/source';
import type { YamlDocument } from '../yaml/parse';
import type { SourceText } from '../yaml/source';

/** Log rules of a text, without the rules of Prometheus. */
export interface LogRules {
  readonly rules: readonly RuleFile[];
  readonly left: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Returns the rule files in which at least one rule reads logs. `kubectl get prometheusrule -A` returns those of
 * Prometheus too, whose PromQL is not valid LogQL, or is LogQL without a stream selector, such as `vector(1)`.
 */
export function logRules({ rules, findings }: Pick<Scan, 'rules' | 'findings'>, file: string): LogRules {
  const left = rules.filter((one) => one.groups.some((group) => group.rules.length > 0) && !isOfLogs(one));
  return {
    rules: rules.filter((one) => !left.includes(one)),
    left: left.map(({ name, groups }) => {
      const all = groups.flatMap((group) => group.rules);
      const what = name === basename(file) ? file : `${name} in ${file}`;
      return `${what} (${counted(all.length, 'rule')}): no stream selector such as {app="…"}: keep PromQL in Prometheus`;
    }),
    findings: findings.filter((finding) => !left.includes(ownerOf(finding, rules) as RuleFile)),
  };
}

function isOfLogs({ groups }: RuleFile): boolean {
  return groups.some((group) =>
    group.rules.some((rule) => {
      const { expr } = parseLogQL(withValues(rule.expr));
      return expr !== undefined && readsLogs(expr);
    }),
  );
}

/** Replaces the variables in an expression, which is only valid LogQL with their values. */
function withValues(expr: string): string {
  return expr.replace(/\[\$\{\w+\}\]/g, '[5m]').replace(/\$\{\w+\}/g, '1');
}

/** Returns the rule file of a finding: the last one in the text that starts before it. */
function ownerOf({ place }: Finding, rules: readonly RuleFile[]): RuleFile | undefined {
  const start = (file: RuleFile) => placeOf(file)?.line ?? 1;
  return rules
    .filter((file) => start(file) <= (place?.line ?? 1))
    .sort((a, b) => start(a) - start(b))
    .at(-1);
}

/** Reads the list of groups at a node as a rule file. */
export function groupsIn(node: Node, name: string, document: YamlDocument, source: SourceText): LogRules {
  const reader = new RuleGroupReader(source, document, new WaiverComments(source));
  const file = { name, groups: reader.groups(node) };
  return logRules({ rules: [file], findings: reader.decoder.findings }, source.file);
}

/** Formats a count: `1 rule`, `2 rules`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
