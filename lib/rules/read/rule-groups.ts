import type { Node } from 'yaml';
import type { Rule, RuleGroup } from '../model';
import { withSource } from '../source';
import { endOfLastLine, type WaiverComments } from './waiver-comments';
import { Decoder, type Field, isNull } from './yaml-decode';
import type { SourceText, YamlDocument } from './yaml-text';

/** Fields that pass Loki's strict YAML reader and then vanish: pkg/ruler/rulespb/rules.proto has no place for them. */
const DROPPED: Readonly<Record<string, string>> = {
  keep_firing_for:
    "Loki drops it, so the alert resolves at once; lengthen the range of the expression instead, for instance '[10m]'",
  query_offset:
    "Loki drops it, so late lines are missed; write 'offset 1m' behind the ranges of the expressions instead",
  labels: 'Loki drops the labels of groups; write them at each rule instead',
  partial_response_strategy: 'it is for Thanos, Loki has no such thing; remove it',
};

export const GROUP_FIELDS = ['name', 'interval', 'limit', 'rules'];
const RULE_FIELDS = ['alert', 'record', 'expr', 'for', 'labels', 'annotations'];

/** Reads rule groups out of one YAML document, whether it is a rule file or a resource that holds groups. */
export class RuleGroupReader {
  readonly decoder: Decoder;

  constructor(
    private readonly source: SourceText,
    document: YamlDocument,
    private readonly waivers: WaiverComments,
  ) {
    this.decoder = new Decoder(source, document);
  }

  /** The groups of a rule file. */
  ruleFile(root: Node | null): RuleGroup[] {
    const fields = this.decoder.fields(root, 'a rule file') ?? [];
    this.refuse(fields, ['groups'], []);
    return this.groups(fields.find(({ key }) => key === 'groups')?.value ?? null);
  }

  groups(node: Node | null): RuleGroup[] {
    const groups = (this.decoder.items(node, "'groups'") ?? []).flatMap((item) => {
      if (isNull(item)) {
        this.decoder.report(
          'yaml-type',
          "an entry of 'groups' is empty; remove its '-' or write the group",
          item ?? node,
        );
        return [];
      }
      return this.group(item) ?? [];
    });
    return this.decoder.exhausted ? [] : groups;
  }

  private group(node: Node): RuleGroup | undefined {
    const { decoder } = this;
    const fields = decoder.fields(node, 'a group');
    if (!fields) return undefined;
    const get = (key: string) => fields.find((field) => field.key === key);
    const name = decoder.text(get('name')?.value ?? null, "'name'") ?? '';
    const subject = `group '${name}'`;
    this.refuse(fields, GROUP_FIELDS, ['query_offset', 'labels', 'partial_response_strategy'], subject);
    return withSource(
      {
        name,
        ...defined({
          interval: decoder.text(get('interval')?.value ?? null, `'interval' of ${subject}`),
          limit: decoder.integer(get('limit')?.value ?? null, `'limit' of ${subject}`),
        }),
        rules: this.rules(get('rules'), subject),
      },
      (path, offset) => this.locate(node, path, offset),
    );
  }

  private rules(field: Field | undefined, subject: string): Rule[] {
    const { decoder } = this;
    let from = field?.keyNode.range?.[0] ?? 0;
    return (decoder.items(field?.value ?? null, `'rules' of ${subject}`) ?? []).flatMap((item) => {
      if (isNull(item)) {
        const message = `an entry of 'rules' of ${subject} is empty; remove its '-' or write the rule`;
        decoder.report('yaml-type', message, item ?? field?.keyNode ?? null);
        return [];
      }
      const rule = this.rule(item, subject, from);
      from = endOfLastLine(this.source.text, item);
      return rule ?? [];
    });
  }

  private rule(node: Node, group: string, waiversFrom: number): Rule | undefined {
    const { decoder } = this;
    const fields = decoder.fields(node, `a rule of ${group}`);
    if (!fields) return undefined;
    const value = (key: string) => fields.find((field) => field.key === key)?.value ?? null;
    const text = (key: string) => decoder.text(value(key), `'${key}' of a rule of ${group}`);
    const map = (key: string) => decoder.textMap(value(key), `'${key}' of a rule of ${group}`);
    // Loki takes an empty name for none.
    const [alert, record] = [text('alert') || undefined, text('record') || undefined];
    const subject = alert ? `alert '${alert}' in ${group}` : `recording rule '${record ?? ''}' in ${group}`;
    this.refuse(fields, RULE_FIELDS, ['keep_firing_for'], subject);
    const waive = this.waivers.take(waiversFrom, node);
    const rule = {
      ...defined({ alert, record }),
      expr: text('expr') ?? '',
      ...defined({ for: text('for'), labels: map('labels'), annotations: map('annotations') }),
      ...(waive.length > 0 && { waive }),
    };
    // What has no name, or two, or an alert's fields in a recording rule is for the checks to report.
    return withSource(rule as Rule, (path, offset) => this.locate(node, path, offset));
  }

  private refuse(
    fields: readonly Field[],
    known: readonly string[],
    dropped: readonly string[],
    subject?: string,
  ): void {
    for (const { key, keyNode } of fields) {
      if (known.includes(key)) continue;
      if (dropped.includes(key)) {
        this.decoder.report('dropped-field', `'${key}' has no effect: ${DROPPED[key]}`, keyNode, subject);
      } else {
        const message = `'${key}' is no field here and Loki refuses the whole file; there are ${known.join(', ')}`;
        this.decoder.report('unknown-field', message, keyNode, subject);
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
