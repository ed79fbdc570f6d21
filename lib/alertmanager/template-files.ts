import type { Finding } from '../findings';
import { checkTemplate, notificationTemplate } from '../go-template';
import { sourceText } from '../rules/read';
import type { TemplateFile } from './templates';
import { DEFAULT_ALERTMANAGER } from './version';

/** Alertmanager reads its template files when it starts. */
export function checkTemplateFiles(files: readonly TemplateFile[], version = DEFAULT_ALERTMANAGER): Finding[] {
  return files.flatMap(({ file, text }) =>
    checkTemplate(text, notificationTemplate(version)).map(({ message, from }): Finding => {
      const what = `is no Go template (${message}), and Alertmanager would not start. Correct it`;
      return { id: 'template-syntax', severity: 'error', message: what, ...sourceText(file, text).placeAt(from) };
    }),
  );
}
