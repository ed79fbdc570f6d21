import type { RuleGroup } from './model';
import { parseWaiver, type Waiver, waiverText } from './waiver';

/**
 * Annotation of an AlertingRule, RecordingRule or PrometheusRule with the waivers of its rules, one per line: the API
 * server keeps no comments, and rejects unknown fields.
 */
export const WAIVERS_ANNOTATION = 'loki-alerts/waivers';

const LINE = /^groups\[(\d+)\]\.rules\[(\d+)\]: (.*)$/;

/** Form of a line, for messages. */
export const WAIVER_LINE = 'groups[0].rules[0]: waive <check> because <reason>';

/** A line of the annotation. */
export interface WaiverLine {
  /** Offset of the line in the text, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
  /** Indexes of the group and the rule. */
  readonly at?: readonly [group: number, rule: number];
  /** Undefined if the line is not a waiver. */
  readonly waiver?: Waiver;
}

/** Returns the text of the annotation; undefined if no rule has waivers. */
export function waiverLines(groups: readonly RuleGroup[]): string | undefined {
  const lines = groups.flatMap(({ rules }, g) =>
    rules.flatMap(({ waive = [] }, r) => waive.map((waiver) => `groups[${g}].rules[${r}]: ${waiverText(waiver)}`)),
  );
  return lines.length > 0 ? lines.join('\n') : undefined;
}

/** Reads the text of the annotation, without empty lines. */
export function readWaiverLines(text: string): WaiverLine[] {
  let offset = 0;
  return text.split('\n').flatMap((line) => {
    const start = offset;
    offset += line.length + 1;
    if (line.trim() === '') return [];
    const [, group, rule, waiver = ''] = LINE.exec(line.trim()) ?? [];
    if (group === undefined) return [{ offset: start, text: line.trim() }];
    return [{ offset: start, text: line.trim(), at: [Number(group), Number(rule)], waiver: parseWaiver(waiver) }];
  });
}
