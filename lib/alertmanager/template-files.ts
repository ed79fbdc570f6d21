import { credentialsIn } from '../credentials';
import type { Finding } from '../findings';
import { checkTemplate, notificationTemplate } from '../go-template';
import { sourceText } from '../rules/read';
import type { TemplateFile } from './templates';
import { DEFAULT_ALERTMANAGER } from './version';

/** What is wrong with message templates: Alertmanager reads their files when it starts, and they are committed. */
export function checkTemplateFiles(files: readonly TemplateFile[], version = DEFAULT_ALERTMANAGER): Finding[] {
  return files.flatMap(({ file, text }) => {
    const { placeAt } = sourceText(file, text);
    return [
      ...checkTemplate(text, notificationTemplate(version)).map(({ message, from }): Finding => {
        const what = `is no Go template (${message}), and Alertmanager would not start. Correct it`;
        return { id: 'template-syntax', severity: 'error', message: what, ...placeAt(from) };
      }),
      ...credentialsIn(text).map(({ what, from }): Finding => {
        const message = `holds ${what}. This file is committed and shown to others: leave it out`;
        return { id: 'inline-secret', severity: 'error', message, ...placeAt(from) };
      }),
    ];
  });
}
