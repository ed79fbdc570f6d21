import { conditionChecks } from './conditions';
import { contradictionChecks } from './contradictions';
import { credentialChecks } from './credentials';
import { expressionChecks } from './expressions';
import { labelChecks } from './labels';
import { lineFilterChecks } from './line-filters';
import { lineFormatChecks } from './line-formats';
import { logfmtExpressionChecks } from './logfmt-expressions';
import { matchingChecks } from './matching';
import { nameChecks } from './names';
import { openshiftChecks } from './openshift';
import { operandChecks } from './operands';
import { ownQueryLogChecks } from './own-query-log';
import { pipelineErrorChecks } from './pipeline-errors';
import { recordingChecks } from './recording';
import type { RuleCheck } from './rule-check';
import { seriesChecks } from './series';
import { structureChecks } from './structure';
import { templateQueryChecks } from './template-queries';
import { templateChecks } from './templates';
import { textChecks } from './texts';
import { timingChecks } from './timing';

/** All checks on rules, in the order of their findings. */
export const RULE_CHECKS: readonly RuleCheck[] = [
  ...structureChecks,
  ...nameChecks,
  ...recordingChecks,
  ...expressionChecks,
  ...conditionChecks,
  ...operandChecks,
  ...matchingChecks,
  ...seriesChecks,
  ...contradictionChecks,
  ...textChecks,
  ...lineFilterChecks,
  ...lineFormatChecks,
  ...logfmtExpressionChecks,
  ...timingChecks,
  ...labelChecks,
  ...templateChecks,
  ...templateQueryChecks,
  ...credentialChecks,
  ...pipelineErrorChecks,
  ...ownQueryLogChecks,
  ...openshiftChecks,
];
