import type { RulerGroup, RulerRule } from '../../engines';
import type { RuleProblem } from '../../rules/checks/rule-check';
import { isAlert, type Rule, type RuleFile, type RuleGroup } from '../../rules/model';
import { shortened } from '../explain';
import { namespaceOf } from '../plan';
import { diffGroups } from '../rule-diff';
import { fixOfFailure } from './evaluation';
import type { LiveReader } from './reader';

/** A rule of a file, with its group. */
export interface PlacedRule {
  readonly file: RuleFile;
  readonly group: RuleGroup;
  readonly rule: Rule;
}

/** State of a rule in the ruler. */
export interface LoadedRule {
  /** False if the ruler has not loaded it; undefined if its API is off. */
  readonly loaded?: boolean;
  readonly problems: readonly RuleProblem[];
}

/** Compares a rule with the one that the ruler has loaded, and reports if its last evaluation failed. */
export async function loadedRule(loki: LiveReader, placed: PlacedRule): Promise<LoadedRule> {
  const loaded = await loki.loaded();
  if (!loaded) return { problems: [] };
  const found = await best(loki, placed, candidates(placed, loaded));
  if (!found) return { loaded: false, problems: [await notLoaded(loki, placed, loaded)] };
  const problems: RuleProblem[] = [];
  if (found.changed.length > 0) {
    const problem = `the ruler has another version of it, in namespace '${found.group.file}': ${found.changed.join(', ')}`;
    problems.push({ id: 'rule-outdated', problem, fix: 'deploy the rules, e.g. with "loki-alerts rules sync"' });
  }
  const { health, lastError = '' } = found.rule;
  if (health === 'err') {
    const problem = `its last evaluation in the ruler failed: ${shortened(lastError)}`;
    problems.push({
      id: 'evaluation-fails',
      problem,
      fix: fixOfFailure(lastError),
      field: ['expr'],
    });
  }
  return { loaded: true, problems };
}

interface Candidate {
  readonly group: RulerGroup;
  readonly rule: RulerRule;
}

/** Loaded rules of the same name and kind: of groups of the same name in any namespace, else of all groups. */
function candidates({ group, rule }: PlacedRule, loaded: readonly RulerGroup[]): Candidate[] {
  const [name, type] = isAlert(rule) ? [rule.alert, 'alerting'] : [rule.record, 'recording'];
  const all = loaded.flatMap((each) =>
    each.rules.filter((one) => one.name === name && one.type === type).map((one) => ({ group: each, rule: one })),
  );
  const sameGroup = all.filter((each) => each.group.name === group.name);
  return sameGroup.length > 0 ? sameGroup : all;
}

/** The candidate with the fewest differences; of several, the one in the rule's own namespace. */
async function best(
  loki: LiveReader,
  { file, group, rule }: PlacedRule,
  all: readonly Candidate[],
): Promise<(Candidate & { readonly changed: readonly string[] }) | undefined> {
  const compared = await Promise.all(
    all.map(async (each) => ({ ...each, changed: await changes(loki, each, rule, group) })),
  );
  const foreign = (each: Candidate) => Number(namespaceOf({ name: each.group.file }) !== namespaceOf(file));
  return compared.sort((a, b) => a.changed.length - b.changed.length || foreign(a) - foreign(b))[0];
}

/** Names of the fields that differ from those of a loaded rule. */
async function changes(loki: LiveReader, loaded: Candidate, rule: Rule, group: RuleGroup): Promise<string[]> {
  const { query, duration = 0, labels = {}, annotations = {} } = loaded.rule;
  const name = isAlert(rule) ? { alert: rule.alert } : { record: rule.record };
  // The ruler reports seconds, and the default interval instead of none.
  const before = { ...name, expr: query, for: `${Math.round(duration * 1000)}ms`, labels, annotations };
  const of = (one: object, interval?: string, limit?: number) => ({ name: group.name, interval, limit, rules: [one] });
  const interval = group.interval && `${Math.round(loaded.group.interval * 1000)}ms`;
  const diff = diffGroups(of(before, interval, loaded.group.limit), of(rule, group.interval, group.limit));
  const fields = [...diff.fields, ...diff.rules.flatMap((each) => each.fields)].map(({ field }) => field);
  if (!fields.includes('expr')) return fields;
  // Loki prints expressions in its own way: only Loki itself knows if they are equal.
  const printed = await Promise.all([loki.formatted(query), loki.formatted(rule.expr)]).catch(() => []);
  return printed[0] !== undefined && printed[0] === printed[1] ? fields.filter((field) => field !== 'expr') : fields;
}

async function notLoaded(
  loki: LiveReader,
  { group, rule }: PlacedRule,
  loaded: readonly RulerGroup[],
): Promise<RuleProblem> {
  const id = 'rule-not-loaded';
  const stored = [...((await loki.stored()) ?? [])].find(([, groups]) =>
    groups.some(
      (each) =>
        each.name === group.name &&
        each.rules.some((one) => (isAlert(rule) ? one.alert === rule.alert : one.record === rule.record)),
    ),
  );
  if (stored) {
    const problem = `it is stored in namespace '${stored[0]}', but the ruler has not loaded it`;
    const fix =
      'wait for the ruler\'s poll_interval (1m); if it lasts, read the logs of the ruler for "unable to load"';
    return { id, problem, fix };
  }
  if (loaded.length === 0) {
    const problem = 'the ruler has loaded no rules of this tenant at all';
    const fix =
      'deploy the rules; if they are, check --tenant, the folder of the tenant in the rules folder, and ruler.storage';
    return { id, problem, fix };
  }
  return { id, problem: 'the ruler has not loaded it', fix: 'deploy the rules, e.g. with "loki-alerts rules sync"' };
}
