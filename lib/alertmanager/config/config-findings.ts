import type { CheckId } from '../../checks';
import { type Finding, finding, formatPath, inFileOrder, type Path, type Place } from '../../checks/findings';
import { placeOf } from '../../rules/source';
import { type ConfigWaiverProblem, ConfigWaivers } from '../checks/waivers';

/** Where the parts of a config are in the file that it was read from. */
export interface Positions {
  readonly file: string;
  /** The place of a value, or of the name of its field. */
  place(path: Path, part: 'name' | 'value'): Place | undefined;
}

/** A path of a config that was put together, as a path of what it was made of, and as its author calls it. */
export type Written = (path: Path) => { readonly path: Path; readonly text: string };

/** A problem with its effect, and what to do. */
export type Wrong = Pick<Finding, 'problem' | 'fix'>;

/** Gathers findings on one config and says where they belong. */
export class ConfigFindings {
  /** All findings, also those that are waived. */
  readonly findings: Finding[] = [];
  private readonly waivers: ConfigWaivers;

  /** @param written @default the config is as it was written */
  constructor(
    private readonly config: unknown,
    private readonly positions?: Positions,
    private readonly written: Written = (path) => ({ path, text: formatPath(path) }),
  ) {
    this.waivers = new ConfigWaivers(config);
  }

  add(id: CheckId, path: Path, { problem, fix }: Wrong, part: 'name' | 'value' = 'value'): void {
    const subject = this.subject(path);
    const place = this.place(path, part);
    const waived = this.waivers.use(id, path);
    const from = { path: this.pathOf(path), subject, place };
    this.findings.push(finding(id, { ...from, problem, fix, ...(waived !== undefined && { waived }) }));
  }

  /** A path as findings have it. */
  pathOf(path: Path): Path {
    return this.written(path).path;
  }

  /** Reports the waivers that can waive nothing, whatever is found. */
  addInvalidWaivers(): void {
    for (const problem of this.waivers.invalid()) this.addWaiver(problem);
  }

  /** Reports the waivers of checks that have been made, and found nothing. */
  addUnusedWaivers(checked: (id: CheckId) => boolean): void {
    for (const problem of this.waivers.unused(checked)) this.addWaiver(problem);
  }

  private addWaiver({ path, index, waiver, problem, fix }: ConfigWaiverProblem): void {
    this.findings.push(
      finding('waiver-unused', {
        path: this.pathOf([...path, 'waive', index]),
        subject: this.subject(path),
        problem,
        fix,
        place: placeOf(waiver) ?? this.place(path, 'value'),
      }),
    );
  }

  /** A path as messages show it. */
  show(path: Path): string {
    return this.written(path).text;
  }

  /** As a person reads the file. What was not read from one stays in the order of the checks. */
  inOrder(): Finding[] {
    return inFileOrder(this.findings);
  }

  /** What is not in the file is shown at what it is missing from. */
  private place(path: Path, part: 'name' | 'value'): Place | undefined {
    const { positions } = this;
    if (!positions) return undefined;
    for (let at = path; ; at = at.slice(0, -1)) {
      const place = positions.place(at, at === path ? part : 'value');
      if (place || at.length === 0) return place ?? { file: positions.file };
    }
  }

  /** The path, with the receiver's name instead of its index. */
  private subject(path: Path): string | undefined {
    const [section, index, ...rest] = path;
    if (section !== 'receivers' || typeof index !== 'number') return this.show(path) || undefined;
    const { receivers } = this.config as { receivers?: unknown };
    const name = Array.isArray(receivers) ? (receivers[index] as { name?: unknown } | null)?.name : undefined;
    if (typeof name !== 'string' || name === '') return this.show(path);
    return rest.length > 0 ? `receiver '${name}': ${formatPath(rest)}` : `receiver '${name}'`;
  }
}
