import type { OnProgress } from '../../lib/demo-run/stage';
import type { Manifest } from '../../lib/kubernetes-objects/dist';
import type { ProjectCopy } from './project';
import type { ScenarioReport } from './report';

/** What every part of the story is told. */
export interface Run {
  /** Folder of the manifests. */
  readonly dist: string;
  readonly manifests: readonly Manifest[];
  /** Name of the kubectl context. */
  readonly context: string;
  readonly project: ProjectCopy;
  readonly report: ScenarioReport;
  readonly tell: OnProgress;
  /** Aborted when the story is to end early. */
  readonly signal: AbortSignal;
  /** Leave the stack in the cluster. */
  readonly keep?: boolean;
}

/** Whole seconds since a Unix time in milliseconds: `12 s`. */
export function secondsSince(start: number, end = Date.now()): string {
  return `${Math.round((end - start) / 1000)} s`;
}

/** @throws with all problems in one sentence, if there are any */
export function assertNone(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('; '));
}
