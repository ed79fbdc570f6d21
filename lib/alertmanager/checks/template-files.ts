import { type Finding, finding } from '../../checks/findings';
import { credentialsIn } from '../../credentials';
import { checkTemplate, notificationTemplate } from '../../go-template';
import { invalidComment, templateWaiverComments, waiverProblem } from '../../rules/waiver';
import { DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import { sourceText } from '../../yaml/source';
import type { TemplateFile } from '../templates';

/** Syntax of a waiver in a template. */
const TEMPLATE_COMMENT = '{{/* loki-alerts: waive <check> because <reason> */}}';

/** Reports syntax errors, with which Alertmanager does not start, and credentials in files of message templates. */
export function checkTemplateFiles(files: readonly TemplateFile[], version = DEFAULT_ALERTMANAGER): Finding[] {
  return files.flatMap(({ file, text, placeAt = sourceText(file, text).placeAt }) => {
    return [
      ...checkTemplate(text, notificationTemplate(version)).map(({ message, from }) =>
        finding('template-syntax', {
          problem: `invalid template: ${message}`,
          fix: 'correct it; Alertmanager would not start',
          place: placeAt(from),
        }),
      ),
      ...credentialsIn(text).map(({ what, from }) =>
        finding('inline-secret', {
          problem: `contains ${what}, in a file that is committed`,
          fix: 'remove it',
          place: placeAt(from),
        }),
      ),
      ...templateWaiverComments(text).flatMap((comment) => {
        const problem = comment.waiver
          ? waiverProblem(comment.waiver, 'template file')
          : invalidComment(comment.text, TEMPLATE_COMMENT);
        return problem ? [finding('waiver-unused', { ...problem, place: placeAt(comment.offset) })] : [];
      }),
    ];
  });
}
