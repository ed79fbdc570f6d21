import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import type { AlertmanagerConfig } from '../alertmanager/config';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../findings';
import { checkTemplate, NOTIFICATION_TEMPLATE } from '../go-template';
import { sourceText } from '../rules/read';

/**
 * The message templates beside an alertmanager.yml, as its `templates` names them. Absolute paths are those of the
 * machine that Alertmanager runs on, and are left out.
 */
export function readTemplateFiles(config: AlertmanagerConfig, file: string): TemplateFile[] {
  const patterns = (config.templates ?? []).filter((pattern) => !isAbsolute(pattern));
  return globSync([...patterns], { cwd: dirname(file), expandDirectories: false })
    .sort()
    .map((name) => {
      const path = join(dirname(file), name);
      return { file: relative(process.cwd(), path), text: readFileSync(path, 'utf8') };
    });
}

/** Alertmanager reads its template files when it starts. */
export function checkTemplateFiles(files: readonly TemplateFile[]): Finding[] {
  return files.flatMap(({ file, text }) =>
    checkTemplate(text, NOTIFICATION_TEMPLATE).map(({ message, from }): Finding => {
      const what = `is no Go template (${message}), and Alertmanager would not start. Correct it`;
      return { id: 'template-syntax', severity: 'error', message: what, ...sourceText(file, text).placeAt(from) };
    }),
  );
}
