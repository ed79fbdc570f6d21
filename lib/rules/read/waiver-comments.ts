import { isMap, isPair, isSeq, type Node } from 'yaml';
import { type Finding, finding } from '../../checks/findings';
import type { SourceText } from '../../yaml/source';
import { withSource } from '../source';
import { invalidComment, type Waiver, type WaiverComment, waiverComments } from '../waiver';

/**
 * Comments `# loki-alerts: waive <check> because <reason>`, each assigned to the rule that it is in or directly above.
 */
export class WaiverComments {
  private comments: readonly WaiverComment[];
  /** Comments that are not at a rule, or not valid. */
  private readonly unused: WaiverComment[] = [];
  private next = 0;

  constructor(private readonly source: SourceText) {
    this.comments = waiverComments(source.text);
  }

  /** Excludes comments in a part that is read separately. Such parts come in the order of the text, between rules. */
  exclude(from: number, to: number): void {
    this.comments = this.comments.filter(({ offset }) => offset < from || offset >= to);
  }

  /** Returns the waivers between an offset and the last line of a rule. Rules come in the order of the text. */
  take(from: number, rule: Node): Waiver[] {
    const taken: Waiver[] = [];
    const to = this.next < this.comments.length ? this.endOf(rule) : 0;
    for (let comment = this.comments[this.next]; comment && comment.offset < to; comment = this.comments[++this.next]) {
      const { offset, waiver } = comment;
      if (offset < from || waiver === undefined) {
        this.unused.push(comment);
      } else {
        taken.push(withSource(waiver, () => this.source.placeAt(offset)));
      }
    }
    return taken;
  }

  /** Returns the end of a rule, after which comments are those of the next; 0 if there are no comments. */
  endOf(rule: Node): number {
    // In a text of one long line, the search for the start of the line would take long for each rule.
    return this.comments.length > 0 ? endOfItem(this.source.text, rule) : 0;
  }

  /** Returns findings for comments that are not a valid waiver, or not at a rule. */
  findings(): Finding[] {
    return [...this.unused, ...this.comments.slice(this.next)].map(({ offset, text, waiver }) =>
      finding('waiver-unused', {
        ...(waiver
          ? {
              problem: `"${text}" is not at a rule, so it has no effect`,
              fix: 'move it into or directly above the rule',
            }
          : invalidComment(text)),
        place: this.source.placeAt(offset),
      }),
    );
  }
}

/** Offset of the end of a list item, including indented comments after its last value. */
export function endOfItem(text: string, item: Node): number {
  const end = text.indexOf('\n', lastOffset(item) - 1);
  if (end < 0) return text.length;
  const own = indentation(text, startOfLine(text, item.range?.[0] ?? 0));
  const after = /(?:\r?\n[ \t]*(?:#.*)?(?=\r?\n|$))*/y;
  after.lastIndex = end;
  const lines = after.exec(text)?.[0].split('\n').slice(1) ?? [];
  const last = lines.findLastIndex((line) => line.trim() !== '' && indentation(line) > own);
  const shallow = lines.findIndex((line) => line.trim() !== '' && indentation(line) <= own);
  const count = shallow < 0 || last < shallow ? last + 1 : shallow;
  return lines.slice(0, count).reduce((at, line) => at + 1 + line.length, end);
}

export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Number of spaces at the start of a line. */
export function indentation(text: string, lineStart = 0): number {
  return /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
}

/** Offset of the end of a node's last value. The range of a map or list itself would include all comments after it. */
function lastOffset(node: Node): number {
  const own = node.range?.[1] ?? 0;
  if (!(isMap(node) || isSeq(node)) || node.flow) return own;
  const last: unknown = node.items.at(-1);
  const leaf = isPair(last) ? (last.value ?? last.key) : last;
  return leaf ? lastOffset(leaf as Node) : own;
}
