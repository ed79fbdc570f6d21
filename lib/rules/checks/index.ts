import { conditionChecks } from './conditions';
import { credentialChecks } from './credentials';
import { expressionChecks } from './expressions';
import { labelChecks } from './labels';
import { nameChecks } from './names';
import { openshiftChecks } from './openshift';
import { ownQueryLogChecks } from './own-query-log';
import { pipelineErrorChecks } from './pipeline-errors';
import { recordingChecks } from './recording';
import type { RuleCheck } from './rule-check';
import { structureChecks } from './structure';
import { templateChecks } from './templates';
import { timingChecks } from './timing';

/** All checks on rules, in the order of their findings. */
export const RULE_CHECKS: readonly RuleCheck[] = [
  ...structureChecks,
  ...nameChecks,
  ...recordingChecks,
  ...expressionChecks,
  ...conditionChecks,
  ...timingChecks,
  ...labelChecks,
  ...templateChecks,
  ...credentialChecks,
  ...pipelineErrorChecks,
  ...ownQueryLogChecks,
  ...openshiftChecks,
];
