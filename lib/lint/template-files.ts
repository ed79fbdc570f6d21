import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { TemplateFile } from '../alertmanager/templates';

/**
 * The message templates beside an alertmanager.yml, as its `templates` names them. Absolute paths are those of the
 * machine that Alertmanager runs on, and are left out.
 */
export function readTemplateFiles(config: AlertmanagerConfig, file: string): TemplateFile[] {
  const patterns = (config.templates ?? []).filter((pattern) => !isAbsolute(pattern));
  return find(patterns, file)
    .sort()
    .map((name) => {
      const path = join(dirname(file), name);
      return { file: relative(process.cwd(), path), text: readFileSync(path, 'utf8') };
    });
}

/** Whether the files above are all: where a pattern is absolute or finds nothing, there are others elsewhere. */
export function allTemplatesRead(config: AlertmanagerConfig, file: string): boolean {
  return (config.templates ?? []).every((pattern) => !isAbsolute(pattern) && find([pattern], file).length > 0);
}

function find(patterns: readonly string[], file: string): string[] {
  return globSync([...patterns], { cwd: dirname(file), expandDirectories: false });
}
