import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { templateNames } from '../go-template';
import type { ObjectText } from '../kubernetes-objects/texts';
import type { AlertmanagerConfig } from './config/config';
import type { TemplateFile } from './templates';

/** Source of an alertmanager.yml. */
export interface ConfigOrigin {
  readonly file: string;
  /** Other keys of the ConfigMap or Secret that contains it. @default undefined, it is a file of its own */
  readonly beside?: readonly ObjectText[];
}

/**
 * Reads the message templates of an alertmanager.yml: from its ConfigMap or Secret, or from the files that its
 * `templates` names. Absolute paths are those of Alertmanager's machine, and are left out.
 */
export function readTemplateFiles(config: AlertmanagerConfig, { file, beside }: ConfigOrigin): TemplateFile[] {
  if (beside) {
    return beside
      .map(({ key, text: { text, placeAt } }) => ({ file: key, text, placeAt }))
      .filter((template) => isTemplate(template, config));
  }
  const patterns = (config.templates ?? []).filter((pattern) => !isAbsolute(pattern));
  return find(patterns, file)
    .sort()
    .map((name) => {
      const path = join(dirname(file), name);
      return { file: relative(process.cwd(), path), text: readFileSync(path, 'utf8') };
    });
}

/**
 * Returns whether `readTemplateFiles` finds all templates. Others may exist if a pattern is absolute or matches no
 * file, and in other ConfigMaps that are mounted in the same folder.
 */
export function allTemplatesRead(config: AlertmanagerConfig, { file, beside }: ConfigOrigin): boolean {
  return (config.templates ?? []).every(
    (pattern) => !beside && !isAbsolute(pattern) && find([pattern], file).length > 0,
  );
}

/** Returns whether a text defines message templates. */
export function definesTemplates(text: string): boolean {
  return templateNames(text).defined.length > 0;
}

/** Returns whether a file defines message templates or matches `templates`. */
export function isTemplate({ file, text }: TemplateFile, { templates = [] }: AlertmanagerConfig): boolean {
  return definesTemplates(text) || templates.some((pattern) => globOf(basename(pattern)).test(basename(file)));
}

function find(patterns: readonly string[], file: string): string[] {
  return globSync([...patterns], { cwd: dirname(file), expandDirectories: false });
}

/** A pattern for file names, as in Go's `filepath.Glob`. */
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
