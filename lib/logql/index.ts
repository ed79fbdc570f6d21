/** LogQL as Loki 3.7 reads it: its verdict on a query, the syntax tree, and what follows from the tree. */
export type { LogQLCheckId } from '../checks';
export { type FilterFault, filterFault } from './line-filter-faults';
export { type LogfmtFault, logfmtFaults } from './logfmt-faults';
export { neverEvaluates, unreadTemplates } from './never-evaluates';
export { type LabelSet, outputLabels } from './output-labels';
export { parseLogQL } from './parse';
export { type PipelineFailure, pipelineFailures } from './pipeline-errors';
export type * from './syntax';
export { type LogQLValue, logql } from './tag';
export { type MatchingProblem, matchingProblems } from './vector-matching';
export { readsLogs, sources, walk } from './walk';
