import type { OnProgress } from '../../lib/engines';

/** Result of a check. */
export interface ScenarioStep {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Duration of the check. */
  readonly seconds: number;
  /** Result if it passed, problem if it failed, reason if it was skipped. */
  readonly detail: string;
}

/** Thrown by a check that this cluster does not support. */
export class Skip extends Error {}

/** Checks of a run. Each is printed as soon as it ends. */
export class ScenarioReport {
  readonly checks: ScenarioStep[] = [];
  /** Measured values with their unit, by name. */
  readonly figures: Record<string, string> = {};

  constructor(
    private readonly onProgress: OnProgress,
    /** After an abort, no check is recorded. */
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Runs a check. It passes with its return value as the detail, or fails with the message of its error.
   * @returns true unless it failed
   * @throws if the run was aborted
   */
  async check(name: string, run: () => Promise<string>): Promise<boolean> {
    const started = Date.now();
    const record = (status: ScenarioStep['status'], detail: string) => {
      this.signal.throwIfAborted();
      this.checks.push({ name, status, seconds: Math.round((Date.now() - started) / 100) / 10, detail });
      this.onProgress(`${status.padEnd(7)} ${name}: ${detail}`);
      return status !== 'failed';
    };
    this.signal.throwIfAborted();
    try {
      return record('passed', await run());
    } catch (error) {
      return record(error instanceof Skip ? 'skipped' : 'failed', (error as Error).message);
    }
  }

  /** Records a failure outside of a check. */
  fail(name: string, detail: string): void {
    this.checks.push({ name, status: 'failed', seconds: 0, detail });
    this.onProgress(`failed  ${name}: ${detail}`);
  }

  count(status: ScenarioStep['status']): number {
    return this.checks.filter((check) => check.status === status).length;
  }
}

/** Renders the report: one line per check, the figures, and `N passed, N failed` as the last line. */
export function renderReport(report: ScenarioReport): string {
  const checks = report.checks.map(
    ({ name, status, seconds, detail }) => `${status.padEnd(7)} ${name} (${seconds} s): ${detail}`,
  );
  const width = Math.max(0, ...Object.keys(report.figures).map(({ length }) => length));
  const figures = Object.entries(report.figures).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...checks, '', ...figures, '', summary(report)].join('\n');
}

function summary(report: ScenarioReport): string {
  const skipped = report.count('skipped');
  const more = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${report.count('passed')} passed, ${report.count('failed')} failed${more}`;
}
