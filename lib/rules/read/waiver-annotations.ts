import { isScalar } from 'yaml';
import { type Finding, finding } from '../../checks/findings';
import type { Decoder } from '../../yaml/decode';
import { nodeAt, targetOf } from '../../yaml/nodes';
import type { YamlDocument } from '../../yaml/parse';
import type { RuleGroup } from '../model';
import { withSource } from '../source';
import { invalidComment, type Waiver } from '../waiver';
import { readWaiverLines, WAIVER_LINE, WAIVERS_ANNOTATION, type WaiverLine } from '../waiver-annotation';

/** Adds the waivers in the annotation of a resource to its rules. */
export function withAnnotatedWaivers(
  groups: readonly RuleGroup[],
  decoder: Decoder,
  document: YamlDocument,
): { readonly groups: readonly RuleGroup[]; readonly findings: readonly Finding[] } {
  const node = nodeAt(document, ['metadata', 'annotations', WAIVERS_ANNOTATION]) ?? null;
  const scalar = targetOf(document, node);
  if (!isScalar(scalar) || typeof scalar.value !== 'string') return { groups, findings: [] };
  const lines = readWaiverLines(scalar.value);
  const place = ({ offset }: WaiverLine) => decoder.placeInText(node, offset);
  const isUsed = ({ at, waiver }: WaiverLine) =>
    waiver !== undefined && at && groups[at[0]]?.rules[at[1]] !== undefined;
  const waiversAt = (g: number, r: number): Waiver[] =>
    lines.flatMap((line) =>
      line.waiver && line.at?.[0] === g && line.at[1] === r ? [withSource(line.waiver, () => place(line))] : [],
    );
  return {
    groups: groups.map((group, g) => ({
      ...group,
      rules: group.rules.map((rule, r) => {
        const waive = [...(rule.waive ?? []), ...waiversAt(g, r)];
        return waive.length > 0 ? { ...rule, waive } : rule;
      }),
    })),
    findings: lines
      .filter((line) => !isUsed(line))
      .map((line) =>
        finding('waiver-unused', {
          ...(line.waiver
            ? {
                problem: `"${line.text}" names no rule of the resource, so it has no effect`,
                fix: 'correct the indexes',
              }
            : invalidComment(line.text, `"${WAIVER_LINE}"`)),
          place: place(line),
        }),
      ),
  };
}
