import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { Positions } from '../alertmanager/config/config-findings';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../checks/findings';
import type { RuleFile } from '../rules/model';
import type { SourceText } from '../yaml/source';

/** Contents of the files and folders on the command line. */
export interface Inputs {
  /** Number of files with rules or routes. */
  readonly files: number;
  readonly rules: readonly Rules[];
  readonly routes: readonly Routes[];
  /** Findings from reading the files, and from checking the routes. */
  readonly findings: readonly Finding[];
  /** Skipped files in folders that are worth a note: at most one note per file. */
  readonly notes: readonly Note[];
  /** Text of standard input, which cannot be read twice. @default none, it was not read */
  readonly stdin?: string;
}

/** A remark on a file that is not a finding. */
export type Note = Omit<Finding, 'severity'>;

/** One rule file. */
export interface Rules {
  readonly file: RuleFile;
  /** Text for Loki: the file as it is, or the rule file of a resource. */
  readonly text: string;
}

/** One alertmanager.yml. */
export interface Routes {
  readonly source: SourceText;
  /** Undefined if it has errors. */
  readonly config?: AlertmanagerConfig;
  readonly positions: Positions;
  /** Template files that it refers to. */
  readonly templates: readonly TemplateFile[];
}
