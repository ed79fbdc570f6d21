import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import type { Credential } from './credentials';
import type { LokiSettings } from './loki-settings';

/** Migrated rules, routes and settings. */
export interface Moved {
  readonly rules: readonly RuleFile[];
  readonly alertmanager?: AlertmanagerConfig;
  readonly templates: readonly TemplateFile[];
  readonly credentials: readonly Credential[];
  /** Secrets that alertmanager.yml reads from, here as before. */
  readonly secrets: readonly string[];
  readonly settings: LokiSettings;
  /** Values of the label `severity` in addition to those of the stack. */
  readonly severities: readonly string[];
}

export interface Migration extends Moved {
  /** True if `match` or `match_re` was replaced by `matchers`. */
  readonly oldMatches: boolean;
  /** Lines of the report on content that is not migrated. */
  readonly left: readonly string[];
  /** Findings that the user must or should fix. */
  readonly findings: readonly Finding[];
}
