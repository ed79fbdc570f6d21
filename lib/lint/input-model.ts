import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { Positions } from '../alertmanager/config/config-findings';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import type { SourceText } from '../yaml/source';

/** What files and folders on the command line hold. */
export interface Inputs {
  readonly files: number;
  readonly rules: readonly Rules[];
  readonly routes: readonly Routes[];
  /** What was wrong with files while they were read, and with the routes. */
  readonly findings: readonly Finding[];
  /** What was passed over in folders and is worth a word: at most one a file. */
  readonly notes: readonly Note[];
}

/** A remark on a file, which is no finding: nothing is wrong with it. */
export type Note = Omit<Finding, 'severity'>;

/** One rule file. */
export interface Rules {
  readonly file: RuleFile;
  /** The text that goes to Loki: as it stands, or what a resource becomes. */
  readonly text: string;
}

/** One alertmanager.yml. */
export interface Routes {
  readonly source: SourceText;
  /** Undefined if it has errors. */
  readonly config?: AlertmanagerConfig;
  readonly positions: Positions;
  /** The template files that it names. */
  readonly templates: readonly TemplateFile[];
}
