import { type Finding, finding } from '../findings';
import { checkTemplate, notificationTemplate } from '../go-template';
import { sourceText } from '../rules/read';
import type { TemplateFile } from './templates';
import { DEFAULT_ALERTMANAGER } from './version';

/** Alertmanager reads its template files when it starts. */
export function checkTemplateFiles(files: readonly TemplateFile[], version = DEFAULT_ALERTMANAGER): Finding[] {
  return files.flatMap(({ file, text }) =>
    checkTemplate(text, notificationTemplate(version)).map(({ message, from }) =>
      finding('template-syntax', {
        problem: `invalid template: ${message}`,
        fix: 'correct it; Alertmanager would not start',
        place: sourceText(file, text).placeAt(from),
      }),
    ),
  );
}
