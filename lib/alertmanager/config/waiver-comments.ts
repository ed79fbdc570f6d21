import { isMap, isNode, isScalar, type YAMLMap } from 'yaml';
import { type Finding, finding, type Path } from '../../checks/findings';
import { endOfItem, indentation, startOfLine } from '../../rules/read/waiver-comments';
import { withSource } from '../../rules/source';
import { invalidComment, type WaiverComment, waiverComments } from '../../rules/waiver';
import type { SourceText } from '../../yaml/source';
import { type WaivablePart, waivableParts } from '../checks/waivers';

/** A part of the config with its lines in the text. */
interface PlacedPart extends WaivablePart {
  /** Offset of its first line. */
  readonly from: number;
  /** End of its last line. */
  readonly to: number;
}

/**
 * Adds the waivers in comments to the routes, receivers and inhibition rules that they are directly above or in:
 * Alertmanager's YAML has no field for them.
 *
 * @param config as it was read from the map; the waivers are added to it
 * @returns findings on the comments, and on fields `waive`, which only exist in TypeScript
 */
export function addWaiverComments(config: unknown, root: YAMLMap, { text, placeAt }: SourceText): Finding[] {
  const parts = waivableParts(config);
  const findings: Finding[] = [];
  for (const { path, value } of parts) {
    if (!Object.hasOwn(value, 'waive')) continue;
    delete (value as { waive?: unknown }).waive;
    const problem = 'unknown field "waive"';
    const fix = 'use a comment: # loki-alerts: waive <check> because <reason>';
    const node = root.getIn([...path, 'waive'], true);
    const place = placeAt((isNode(node) ? node.range?.[0] : undefined) ?? 0);
    findings.push(finding('alertmanager-unknown-field', { path: [...path, 'waive'], problem, fix, place }));
  }
  const comments = waiverComments(text);
  if (comments.length === 0) return findings;
  const placed = parts.flatMap((part) => place(part, root, text));
  for (const comment of comments) {
    const part = comment.waiver && partOf(comment, placed, text);
    if (part) {
      const waiver = withSource({ ...comment.waiver }, () => placeAt(comment.offset));
      const value = part.value as { waive?: object[] };
      value.waive = [...(value.waive ?? []), waiver];
    } else {
      findings.push(finding('waiver-unused', { ...unattached(comment), place: placeAt(comment.offset) }));
    }
  }
  return findings;
}

function place(part: WaivablePart, root: YAMLMap, text: string): PlacedPart[] {
  const node = root.getIn(part.path, true);
  // An alias or a merge key: its text is elsewhere, and may be part of several.
  if (!isMap(node) || !node.range) return [];
  const offset = part.path.length === 1 ? keyOffset(root, part.path) : node.range[0];
  return [{ ...part, from: startOfLine(text, offset), to: endOfItem(text, node as never) }];
}

/** The root route begins with its name. */
function keyOffset(root: YAMLMap, [name]: Path): number {
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === name);
  return (isNode(pair?.key) ? pair.key.range?.[0] : undefined) ?? 0;
}

/** The part that a comment is directly above, or else the innermost that it is in; undefined if ambiguous. */
function partOf({ offset }: WaiverComment, parts: readonly PlacedPart[], text: string): PlacedPart | undefined {
  const found = partBelow(offset, parts, text) ?? parts.findLast(({ from, to }) => from <= offset && offset < to);
  const sameLine = parts.filter((each) => each.from === found?.from && each.path.length === found.path.length);
  return sameLine.length === 1 ? found : undefined;
}

/** The part that begins on the next line with content, unless the comment's indentation makes it part of the one before. */
function partBelow(offset: number, parts: readonly PlacedPart[], text: string): PlacedPart | undefined {
  const start = startOfLine(text, offset);
  if (text.slice(start, offset).trim() !== '') return undefined;
  const next = start + (BLANK_LINES.exec(text.slice(start))?.[0].length ?? 0);
  return indentation(text, start) <= indentation(text, next) ? parts.find(({ from }) => from === next) : undefined;
}

/** Empty lines, and those with nothing but a comment. */
const BLANK_LINES = /^(?:[ \t]*(?:#.*)?\r?\n)*/;

function unattached({ text, waiver }: WaiverComment) {
  return waiver
    ? {
        problem: `"${text}" is not at a route, receiver or inhibition rule, so it has no effect`,
        fix: 'move it into or directly above one, on a line of its own',
      }
    : invalidComment(text);
}
