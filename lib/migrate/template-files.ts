import { basename } from 'node:path';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { TemplateFile } from '../alertmanager/templates';
import { templateNames } from '../go-template';

/** Endings that message templates have, and sources of configurations too. */
export const TEMPLATE_ENDINGS = ['tmpl', 'gotmpl', 'template', 'tpl'] as const;

export const TEMPLATE_ENDING = new RegExp(`\\.(${TEMPLATE_ENDINGS.join('|')})$`);

/** Fields at the top of configurations of Alertmanager, Loki, Promtail, Kubernetes and docker-compose. */
const CONFIGURATION =
  /^["']?(global|route|receivers|inhibit_rules|groups|apiVersion|services|schema_config|limits_config|ruler|scrape_configs|loki|alertmanager)["']?:(\s|$)/m;

/** Returns whether a text is a configuration, however its file is called: envsubst makes `alertmanager.yml` of one. */
export function isConfiguration(text: string): boolean {
  return CONFIGURATION.test(text);
}

/** Returns whether a text defines message templates. */
export function definesTemplates(text: string): boolean {
  return templateNames(text).defined.length > 0;
}

/** Returns whether a file is a message template: what defines one, and what `templates` names. */
export function isTemplate({ file, text }: TemplateFile, { templates = [] }: AlertmanagerConfig): boolean {
  return definesTemplates(text) || templates.some((pattern) => globOf(basename(pattern)).test(basename(file)));
}

/** A pattern for the names of files, as Go's `filepath.Glob` reads it. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return /^$/;
  }
}
