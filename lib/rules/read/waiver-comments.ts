import { isMap, isPair, isSeq, type Node } from 'yaml';
import { type Finding, finding } from '../../checks/findings';
import type { SourceText } from '../../yaml/source';
import type { Waiver } from '../model';
import { withSource } from '../source';

const COMMENT = /#[ \t]*loki-alerts:(.*)$/gm;
const WAIVE = /^waive[ \t]+(\S+)(?:[ \t]+because[ \t]+(\S.*))?$/;

interface Comment {
  readonly offset: number;
  readonly text: string;
}

/** Comments `# loki-alerts: waive <check> because <reason>`, each taken by the rule that it stands at or above. */
export class WaiverComments {
  private comments: readonly Comment[];
  /** Those that no rule took. */
  private readonly left: Comment[] = [];
  private next = 0;

  constructor(private readonly source: SourceText) {
    this.comments = [...source.text.matchAll(COMMENT)].map((match) => ({
      offset: match.index,
      text: match[1]?.trim() ?? '',
    }));
  }

  /** Forgets those in a part that is read by itself. Such parts come in the order of the text, and between rules. */
  leaveOut(from: number, to: number): void {
    this.comments = this.comments.filter(({ offset }) => offset < from || offset >= to);
  }

  /** The waivers between an offset and the last line of a rule. Rules come in the order of the text. */
  take(from: number, rule: Node): Waiver[] {
    const taken: Waiver[] = [];
    const to = this.next < this.comments.length ? endOfLastLine(this.source.text, rule) : 0;
    for (let comment = this.comments[this.next]; comment && comment.offset < to; comment = this.comments[++this.next]) {
      const { offset, text } = comment;
      const [, check, reason = ''] = WAIVE.exec(text) ?? [];
      if (offset < from || check === undefined) {
        this.left.push(comment);
      } else {
        taken.push(withSource({ check, reason }, () => this.source.placeAt(offset)));
      }
    }
    return taken;
  }

  /** What is no waiver, or stands at no rule. */
  findings(): Finding[] {
    return [...this.left, ...this.comments.slice(this.next)].map(({ offset, text }) =>
      finding('waiver-unused', {
        ...(WAIVE.test(text)
          ? {
              problem: `"${text}" is not at a rule, so it has no effect`,
              fix: 'move it into or directly above the rule',
            }
          : { problem: `invalid waiver "${text}"`, fix: 'use # loki-alerts: waive <check> because <reason>' }),
        place: this.source.placeAt(offset),
      }),
    );
  }
}

/** End of the line on which the node's last text ends. */
export function endOfLastLine(text: string, node: Node): number {
  const end = text.indexOf('\n', lastOffset(node) - 1);
  return end < 0 ? text.length : end;
}

/** A map's own range goes on to the next text, so that comments behind it would belong to it; its last value's does not. */
function lastOffset(node: Node): number {
  const own = node.range?.[1] ?? 0;
  if (!(isMap(node) || isSeq(node)) || node.flow) return own;
  const last: unknown = node.items.at(-1);
  const leaf = isPair(last) ? (last.value ?? last.key) : last;
  return leaf ? lastOffset(leaf as Node) : own;
}
