import type { OnProgress } from '../../lib/engines';
import type { Manifest } from '../../lib/kubernetes-objects/dist';
import type { ProjectCopy } from './project';
import type { ScenarioReport } from './report';

/** Context of all steps of the scenario. */
export interface Run {
  /** Folder with the manifests. */
  readonly dist: string;
  readonly manifests: readonly Manifest[];
  /** Name of the kubectl context. */
  readonly context: string;
  readonly project: ProjectCopy;
  readonly report: ScenarioReport;
  readonly onProgress: OnProgress;
  /** Aborts the scenario. */
  readonly signal: AbortSignal;
  /** Keep the stack in the cluster. */
  readonly keep?: boolean;
}

/** Returns the whole seconds since a Unix time in milliseconds: `12 s`. */
export function secondsSince(start: number, end = Date.now()): string {
  return `${Math.round((end - start) / 1000)} s`;
}

/** @throws an error with all problems, if there are any */
export function assertNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('; '));
}
