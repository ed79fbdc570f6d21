import { CHECK_IDS, CHECKS, isCheckId } from '../checks';
import type { WaivableAt } from '../checks/check';
import { didYouMean } from '../text/did-you-mean';

/** Reason why a warning does not apply to one rule, route, receiver or inhibition rule. Errors cannot be waived. */
export interface Waiver {
  /** Id of the check: `loki-alerts check --list` shows where each can be waived. */
  readonly check: string;
  /** Reason, for readers of the rule or the route. */
  readonly reason: string;
}

/** Problem of a waiver, and its fix. */
export interface WaiverProblem {
  readonly problem: string;
  readonly fix: string;
}

const COMMENT = /#[ \t]*loki-alerts:(.*)$/gm;
const TEMPLATE_COMMENT = /\/\*\s*loki-alerts:([\s\S]*?)\*\//g;
const WAIVE = /^waive\s+(\S+)(?:\s+because\s+(\S[\s\S]*))?$/;

/** A comment for this program. */
export interface WaiverComment {
  /** Offset of the comment in the text, in UTF-16 code units. */
  readonly offset: number;
  readonly text: string;
  /** Undefined if the text is not a waiver. */
  readonly waiver?: Waiver;
}

/** Comments of a YAML text, `# loki-alerts: waive <check> because <reason>`. */
export function waiverComments(text: string): WaiverComment[] {
  return commentsOf(text, COMMENT);
}

/** Comments of a Go template, between `{{/*` and `*\/}}`. */
export function templateWaiverComments(text: string): WaiverComment[] {
  return commentsOf(text, TEMPLATE_COMMENT);
}

function commentsOf(text: string, pattern: RegExp): WaiverComment[] {
  return [...text.matchAll(pattern)].map((match) => {
    const text = match[1]?.trim() ?? '';
    const waiver = parseWaiver(text);
    return { offset: match.index, text, ...(waiver && { waiver }) };
  });
}

/** Reads `waive <check> because <reason>`; undefined if the text is something else. */
export function parseWaiver(text: string): Waiver | undefined {
  const [, check, reason = ''] = WAIVE.exec(text) ?? [];
  return check === undefined ? undefined : { check, reason };
}

/** Returns `waive <check> because <reason>`, always on one line. */
export function waiverText({ check, reason }: Waiver): string {
  const because = reason.trim() === '' ? '' : ` because ${reason}`;
  return `waive ${check}${because}`.replace(/[\s\p{Cc}\p{Cs}\ufffe\uffff]+/gu, ' ').trimEnd();
}

/** Text after the `#` of a waiver in YAML, always on one line, since comments have no escape sequences. */
export function waiverComment(waiver: Waiver): string {
  return ` loki-alerts: ${waiverText(waiver)}`;
}

/** Problem of a waiver that can never have an effect at its place; undefined if it can. */
export function waiverProblem({ check: id, reason }: Waiver, at: WaivableAt): WaiverProblem | undefined {
  if (!isCheckId(id)) {
    return {
      problem: `unknown check "${id}"`,
      fix: `correct it: "loki-alerts check --list" shows all checks${didYouMean(id, CHECK_IDS)}`,
    };
  }
  const { severity, waivable = [] } = CHECKS[id];
  if (!waivable.includes(at)) {
    const [problem, fix] =
      severity === 'error'
        ? [`"${id}" is an error and cannot be waived`, 'fix the error, and remove the waiver']
        : waivable.length === 0
          ? [`"${id}" cannot be waived`, 'fix what it reports, and remove the waiver']
          : [`"${id}" cannot be waived at a ${at}`, `move the waiver to the ${waivable.join(' or ')}`];
    return { problem, fix };
  }
  return reason.trim() === '' ? noReason(id) : undefined;
}

/** Reason of the waiver of a check at a rule; undefined if there is none that has an effect. */
export function waivedAt(waive: readonly Waiver[], check: string): string | undefined {
  return waive.find((waiver) => waiver.check === check && !waiverProblem(waiver, 'rule'))?.reason;
}

function noReason(id: string): WaiverProblem {
  return { problem: `the waiver of "${id}" has no reason, so it has no effect`, fix: 'add "because <reason>"' };
}

/** Problem of a valid waiver that waives nothing. */
export function unusedWaiver(id: string): WaiverProblem {
  return { problem: `the waiver of "${id}" waives nothing`, fix: 'remove it' };
}

/** Problem of a comment that is not a waiver. */
export function invalidComment(text: string, form = '# loki-alerts: waive <check> because <reason>'): WaiverProblem {
  return { problem: `invalid waiver "${text}"`, fix: `use ${form}` };
}
