import type { OnProgress } from '../../lib/demo-run/stage';

/** One thing that the story must show. */
export interface ScenarioStep {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** How long it took. */
  readonly seconds: number;
  /** What was seen; what went wrong; why it was skipped. */
  readonly detail: string;
}

/** Thrown by a check that says nothing about the stack here, because the cluster can't show it. */
export class Skip extends Error {}

/** All checks of a run, each told as soon as it is decided. */
export class ScenarioReport {
  readonly checks: ScenarioStep[] = [];
  /** Measured values by what they measure, as text with a unit. */
  readonly figures: Record<string, string> = {};

  constructor(
    private readonly tell: OnProgress,
    /** Once it is aborted, no check is decided any more. */
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Runs a check: it passes with what it returns as its detail, and fails with the message of what it throws.
   * @returns whether it did not fail
   * @throws if the run was aborted
   */
  async check(name: string, run: () => Promise<string>): Promise<boolean> {
    const started = Date.now();
    const decide = (status: ScenarioStep['status'], detail: string) => {
      this.signal.throwIfAborted();
      this.checks.push({ name, status, seconds: Math.round((Date.now() - started) / 100) / 10, detail });
      this.tell(`${status.padEnd(7)} ${name}: ${detail}`);
      return status !== 'failed';
    };
    this.signal.throwIfAborted();
    try {
      return decide('passed', await run());
    } catch (error) {
      return decide(error instanceof Skip ? 'skipped' : 'failed', (error as Error).message);
    }
  }

  /** Notes a failure that no check has seen. */
  fail(name: string, detail: string): void {
    this.checks.push({ name, status: 'failed', seconds: 0, detail });
    this.tell(`failed  ${name}: ${detail}`);
  }

  count(status: ScenarioStep['status']): number {
    return this.checks.filter((check) => check.status === status).length;
  }
}

/** The report as text: a line a check, the figures, and `N passed, N failed` as the last line. */
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
