import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import type { Credential } from './credentials';
import type { LokiSettings } from './loki-settings';

/** Another system's rules and routes, as this one takes them. */
export interface Moved {
  readonly rules: readonly RuleFile[];
  readonly alertmanager?: AlertmanagerConfig;
  readonly templates: readonly TemplateFile[];
  readonly credentials: readonly Credential[];
  /** Secrets that alertmanager.yml read before, and reads here. */
  readonly secrets: readonly string[];
  readonly settings: LokiSettings;
  /** Values of the label `severity` beside the stack's own. */
  readonly severities: readonly string[];
}

export interface Migration extends Moved {
  /** Whether `match` became `matchers`. */
  readonly oldMatches: boolean;
  /** What has no place in this system. */
  readonly left: readonly string[];
  /** What must or should be corrected by hand. */
  readonly findings: readonly Finding[];
}
