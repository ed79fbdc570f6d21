import type { Node } from 'yaml';
import { didYouMean } from '../../text/did-you-mean';
import { Decoder, type Field, fieldOf, type Part } from '../../yaml/decode';
import { isNull } from '../../yaml/nodes';
import type { YamlDocument } from '../../yaml/parse';
import type { SourceText } from '../../yaml/source';
import type { Rule, RuleGroup } from '../model';
import { withSource } from '../source';
import { foldedComment } from './folded-comment';
import type { WaiverComments } from './waiver-comments';

/** Fields that Loki's strict YAML reader accepts and then drops: pkg/ruler/rulespb/rules.proto does not have them. */
const DROPPED: Readonly<Record<string, string>> = {
  keep_firing_for: 'use a longer range in the expression instead, e.g. [10m]',
  query_offset: 'add "offset 1m" to the ranges of the expressions instead',
  labels: 'set the labels of each rule instead',
  partial_response_strategy: 'remove it: only Thanos uses it',
};

/** Fields of a rule file that other tools read and Loki refuses. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  namespace: 'remove it: only lokitool and mimirtool read it, and the namespace of a file is its name',
};

export const GROUP_FIELDS = ['name', 'interval', 'limit', 'rules'];
const RULE_FIELDS = ['alert', 'record', 'expr', 'for', 'labels', 'annotations'];

/** Reads rule groups from one YAML document, either a rule file or a resource with groups. */
export class RuleGroupReader {
  readonly decoder: Decoder;

  /** @param firstGroup number of groups in earlier documents of the rule file */
  constructor(
    private readonly source: SourceText,
    document: YamlDocument,
    private readonly waivers: WaiverComments,
    private readonly firstGroup = 0,
  ) {
    this.decoder = new Decoder(source, document);
  }

  /** Groups of a rule file. */
  ruleFile(root: Node | null): RuleGroup[] {
    const at = { path: [], subject: 'rule file' };
    const fields = this.decoder.fields(root, at) ?? [];
    this.refuse(fields, ['groups'], [], at);
    return this.groups(fields.find(({ key }) => key === 'groups')?.value ?? null);
  }

  groups(node: Node | null): RuleGroup[] {
    const groups = (this.decoder.items(node, { path: ['groups'], subject: "'groups'" }) ?? []).flatMap((item, i) => {
      const path = ['groups', this.firstGroup + i];
      if (isNull(item)) {
        const at = { path, subject: "'groups'" };
        this.decoder.report('yaml-type', item ?? node, at, 'empty entry', 'add a group, or remove the "-"');
        return [];
      }
      return this.group(item, { path, subject: 'group' }) ?? [];
    });
    return this.decoder.exhausted ? [] : groups;
  }

  private group(node: Node, unnamed: Part): RuleGroup | undefined {
    const { decoder } = this;
    const fields = decoder.fields(node, unnamed);
    if (!fields) return undefined;
    const get = (key: string) => fields.find((field) => field.key === key);
    const value = (key: string) => get(key)?.value ?? null;
    const name = decoder.text(value('name'), fieldOf(unnamed, 'name')) ?? '';
    const at = { ...unnamed, subject: `group '${name}'` };
    this.refuse(fields, GROUP_FIELDS, ['query_offset', 'labels', 'partial_response_strategy'], at);
    return withSource(
      {
        name,
        ...defined({
          interval: decoder.text(value('interval'), fieldOf(at, 'interval')),
          limit: decoder.integer(value('limit'), fieldOf(at, 'limit')),
        }),
        rules: this.rules(get('rules'), at),
      },
      (path, offset) => this.locate(node, path, offset),
    );
  }

  private rules(field: Field | undefined, group: Part): Rule[] {
    const { decoder } = this;
    const at = fieldOf(group, 'rules');
    let from = field?.keyNode.range?.[0] ?? 0;
    return (decoder.items(field?.value ?? null, at) ?? []).flatMap((item, i) => {
      const path = [...at.path, i];
      if (isNull(item)) {
        const node = item ?? field?.keyNode ?? null;
        decoder.report('yaml-type', node, { ...at, path }, 'empty entry', 'add a rule, or remove the "-"');
        return [];
      }
      const rule = this.rule(item, { path, subject: `rule of ${group.subject}` }, group.subject, from);
      from = this.waivers.endOf(item);
      return rule ?? [];
    });
  }

  private rule(node: Node, unnamed: Part, group: string, waiversFrom: number): Rule | undefined {
    const { decoder } = this;
    const fields = decoder.fields(node, unnamed);
    if (!fields) return undefined;
    const value = (key: string) => fields.find((field) => field.key === key)?.value ?? null;
    const text = (key: string) => decoder.text(value(key), fieldOf(unnamed, key));
    const map = (key: string) => decoder.textMap(value(key), fieldOf(unnamed, key));
    // To Loki, an empty name is the same as no name.
    const [alert, record] = [text('alert') || undefined, text('record') || undefined];
    const subject = alert ? `alert '${alert}' in ${group}` : `recording rule '${record ?? ''}' in ${group}`;
    this.refuse(fields, RULE_FIELDS, ['keep_firing_for'], { ...unnamed, subject });
    this.reportFoldedComment(value('expr'), { ...fieldOf(unnamed, 'expr'), subject });
    const waive = this.waivers.take(waiversFrom, node);
    const rule = {
      ...defined({ alert, record }),
      expr: text('expr') ?? '',
      ...defined({ for: text('for'), labels: map('labels'), annotations: map('annotations') }),
      ...(waive.length > 0 && { waive }),
    };
    // The checks report rules with no name or two, and recording rules with fields of an alert.
    return withSource(rule as Rule, (path, offset) => this.locate(node, path, offset));
  }

  private reportFoldedComment(node: Node | null, at: Part): void {
    const offset = foldedComment(node, this.source.text);
    if (offset === undefined) return;
    const problem = 'YAML joins the lines of this text, so the comment contains the rest of the expression';
    const fix = 'write the expression as a block with | instead of >, or remove the comment';
    this.decoder.report('comment-in-expression', node, at, problem, fix);
  }

  private refuse(fields: readonly Field[], known: readonly string[], dropped: readonly string[], at: Part): void {
    for (const { key, keyNode } of fields) {
      if (known.includes(key)) continue;
      const part = { ...at, path: [...at.path, key] };
      if (dropped.includes(key)) {
        this.decoder.report('dropped-field', keyNode, part, `Loki drops the field "${key}"`, DROPPED[key]);
      } else {
        const elsewhere = at.path.length === 0 ? ELSEWHERE[key] : undefined;
        const fix = elsewhere ?? `use one of ${known.join(', ')}${didYouMean(key, known)}`;
        this.decoder.report('unknown-field', keyNode, part, `unknown field "${key}"`, fix);
      }
    }
  }

  private locate(node: Node, path: readonly string[], offset?: number) {
    const target = this.decoder.find(node, path);
    return offset === undefined ? this.decoder.place(target) : this.decoder.placeInText(target, offset);
  }
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
