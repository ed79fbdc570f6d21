import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { YamlDocument } from '../../yaml/parse';
import { GROUP_FIELDS } from './rule-groups';

/** Shape of the rules in a document: the one that Loki reads (`groups`), or one that it refuses. */
export type RuleShape =
  | 'groups'
  | 'no-groups-key'
  | 'no-rules-key'
  | 'namespaces'
  | 'group'
  | 'group-list'
  | 'rule-list'
  | 'rule';

/** Rules that were found, in any shape. */
export interface FoundRules {
  readonly shape: RuleShape;
  /** Key that is used instead of `groups` or `rules`. */
  readonly key?: string;
  readonly expressions: readonly string[];
  /** Field that only another program supports, with its value. */
  readonly foreign?: string;
}

/** Maximum number of nodes that are visited: enough to recognize a file, and a limit for chains of aliases. */
const MAX_NODES = 20_000;

/** `type` of a group for vmalert, https://docs.victoriametrics.com/victoriametrics/vmalert/#groups */
const VMALERT_TYPES: ReadonlySet<string> = new Set(['prometheus', 'graphite', 'vlogs']);

/** Keys that are used instead of `rules`; chart values contain lists of rules under other names. */
const RULES_KEY = /^(?:alerts?|alert(?:ing)?[-_]?rules?)$/i;

/** Finds rules by their shape: `alert` or `record` with `expr`, in lists, in groups. Pure and bounded. */
export class RuleShapes {
  private budget = MAX_NODES;

  constructor(private readonly document: YamlDocument) {}

  find(): FoundRules | undefined {
    const root = this.at(this.document.root);
    if (isMap(root) && (root.has('groups') || root.has('apiVersion'))) return this.inGroups(root);
    if (isSeq(root)) return this.bareList(root.items as Node[]);
    return isMap(root) ? this.bare(root) : undefined;
  }

  /** Expressions of all rules at or below a node. */
  expressions(node: Node | null | undefined): string[] {
    return [...this.rules(node)].flatMap((rule) => textOf(rule.get('expr')) ?? []);
  }

  /** True if groups have fields of Grafana, whose own rules have `data` instead of `expr`. */
  isGrafana(node: unknown): boolean {
    const groups = this.at(node as Node);
    return (
      isSeq(groups) &&
      groups.items.some((item) => {
        const group = this.at(item as Node);
        if (!isMap(group)) return false;
        const rules = this.at(group.get('rules', true) as Node);
        const ofGrafana = (rule: unknown) => {
          const map = this.at(rule as Node);
          return isMap(map) && map.has('data') && (map.has('uid') || map.has('condition') || map.has('title'));
        };
        return (isSeq(rules) && rules.items.some(ofGrafana)) || (group.has('folder') && group.has('orgId'));
      })
    );
  }

  private inGroups(root: YAMLMap): FoundRules | undefined {
    const groups = root.get('groups', true) as Node | undefined;
    // First, because the expressions of a large file use up the budget.
    const found = !this.rules(groups).next().done || (root.items.length === 1 && this.areGroups(groups));
    const foreign = this.foreignType(groups);
    return found ? { shape: 'groups', expressions: this.expressions(groups), ...(foreign && { foreign }) } : undefined;
  }

  /** True for groups without a recognizable rule: all fields are those of a group, and one is `rules`. */
  private areGroups(node: Node | undefined): boolean {
    const list = this.at(node ?? null);
    if (!isSeq(list) || list.items.length === 0) return false;
    return list.items.every((item) => {
      const map = this.at(item as Node);
      return isMap(map) && map.has('rules') && keysOf(map).every((key) => GROUP_FIELDS.includes(key));
    });
  }

  private foreignType(node: Node | undefined): string | undefined {
    const list = this.at(node ?? null);
    for (const item of isSeq(list) ? list.items : []) {
      const group = this.at(item as Node);
      const type = isMap(group) ? textOf(group.get('type')) : undefined;
      if (type !== undefined && VMALERT_TYPES.has(type)) return `type: ${type}`;
    }
    return undefined;
  }

  private bareList(items: readonly Node[]): FoundRules | undefined {
    const maps = items.map((item) => this.at(item));
    if (maps.length === 0 || !maps.every(isMap)) return undefined;
    const all = maps as YAMLMap[];
    const expressions = all.flatMap((map) => this.expressions(map));
    if (all.every((map) => this.isWholeRule(map))) return { shape: 'rule-list', expressions };
    return all.some((map) => this.isGroup(map)) && all.every((map) => map.has('rules') || map.has('name'))
      ? { shape: 'group-list', expressions }
      : undefined;
  }

  private bare(root: YAMLMap): FoundRules | undefined {
    if (this.isWholeRule(root)) return { shape: 'rule', expressions: this.expressions(root) };
    if (this.isGroup(root) && keysOf(root).every((key) => GROUP_FIELDS.includes(key))) {
      return { shape: 'group', expressions: this.expressions(root.get('rules', true) as Node) };
    }
    if (root.items.length > 1 && root.items.every(({ value }) => this.isGroupList(value))) {
      return { shape: 'namespaces', expressions: this.expressions(root) };
    }
    const [only, ...others] = root.items;
    if (only && others.length === 0 && this.isRuleList(only.value) && RULES_KEY.test(textOf(only.key) ?? '')) {
      return { shape: 'no-rules-key', key: textOf(only.key), expressions: this.expressions(root) };
    }
    for (const { key, value } of root.items) {
      const list = this.at(value as Node);
      const name = textOf(key) ?? '';
      if (!isSeq(list) || !list.items.some((item) => this.isGroup(this.at(item as Node)))) continue;
      // Chart values contain groups under other names.
      if (root.items.length > 1 && !/^(?:rule[-_]?)?gr?o?u?ps?$/i.test(name)) continue;
      return { shape: 'no-groups-key', key: name, expressions: this.expressions(list) };
    }
    return undefined;
  }

  private isGroupList(node: unknown): boolean {
    const list = this.at(node as Node);
    return isSeq(list) && list.items.length > 0 && list.items.every((item) => this.isGroup(this.at(item as Node)));
  }

  private isRuleList(node: unknown): boolean {
    const list = this.at(node as Node);
    return isSeq(list) && list.items.length > 0 && list.items.every((item) => this.isWholeRule(this.at(item as Node)));
  }

  private isGroup(node: unknown): node is YAMLMap {
    if (!isMap(node)) return false;
    const rules = this.at(node.get('rules', true) as Node);
    return isSeq(rules) && rules.items.some((item) => this.isWholeRule(this.at(item as Node)));
  }

  private isWholeRule(node: unknown): boolean {
    return isMap(node) && isScalar(node.get('expr', true)) && (node.has('alert') || node.has('record'));
  }

  /** Maps with at least two fields of a rule, one of them its name or expression: the others may be misspelled. */
  private *rules(node: Node | null | undefined, depth = 0): Generator<YAMLMap> {
    const target = this.at(node ?? null);
    if (target === null || depth > 6 || --this.budget < 0) return;
    if (isSeq(target)) for (const item of target.items) yield* this.rules(item as Node, depth + 1);
    if (!isMap(target)) return;
    if (isRuleLike(target)) yield target;
    else for (const { value } of target.items) yield* this.rules(value as Node | null, depth + 1);
  }

  private at(node: Node | null | undefined): Node | null {
    return isAlias(node) ? (this.document.anchors.get(node) ?? null) : (node ?? null);
  }
}

function isRuleLike(map: YAMLMap): boolean {
  const named = map.has('alert') || map.has('record');
  const others = ['for', 'labels', 'annotations'].some((key) => map.has(key));
  return isScalar(map.get('expr', true)) ? named || others : named && others;
}

function keysOf(map: YAMLMap): string[] {
  return map.items.map(({ key }) => textOf(key) ?? '');
}

function textOf(value: unknown): string | undefined {
  const text = isScalar(value) ? value.value : value;
  return typeof text === 'string' ? text : undefined;
}
