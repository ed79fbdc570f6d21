import type { CheckId } from '../../checks';
import type { Diagnosis } from '../../checks/findings';
import { type Finding, finding, formatPath, inFileOrder, type Path, type Place } from '../../checks/findings';
import { placeOf } from '../../rules/source';
import { type ConfigWaiverProblem, ConfigWaivers } from '../checks/waivers';

/** Places of a config's parts in the file that it was read from. */
export interface Positions {
  readonly file: string;
  /** Returns the place of a value, or of the name of its field. */
  place(path: Path, part: 'name' | 'value'): Place | undefined;
}

/** Places of a config that was read from a file; a symbol, so that a copy keeps them. */
const POSITIONS = Symbol('positions');

interface Placed {
  [POSITIONS]?: Positions;
}

/** Adds the places that a config was read from. */
export function withPositions<Config extends object>(config: Config, positions: Positions): Config {
  return Object.assign(config, { [POSITIONS]: positions });
}

/** Places of a config; undefined if it was written in TypeScript. */
export function positionsOf(config: object): Positions | undefined {
  return (config as Placed)[POSITIONS];
}

/** Maps a path of a generated config to the path in what it was generated from, and to its text in messages. */
export type Written = (path: Path) => { readonly path: Path; readonly text: string };

/** Collects the findings on one config, each with its path and place. */
export class ConfigFindings {
  /** All findings, including waived ones. */
  readonly findings: Finding[] = [];
  private readonly waivers: ConfigWaivers;

  /** @param written @default paths are those of the config */
  constructor(
    private readonly config: unknown,
    private readonly positions?: Positions,
    private readonly written: Written = (path) => ({ path, text: formatPath(path) }),
  ) {
    this.waivers = new ConfigWaivers(config);
  }

  add(id: CheckId, path: Path, { problem, fix }: Diagnosis, part: 'name' | 'value' = 'value'): void {
    const subject = this.subject(path);
    const place = this.place(path, part);
    const waived = this.waivers.use(id, path);
    const from = { path: this.pathOf(path), subject, place };
    this.findings.push(finding(id, { ...from, problem, fix, ...(waived !== undefined && { waived }) }));
  }

  /** Returns the path that a finding has. */
  pathOf(path: Path): Path {
    return this.written(path).path;
  }

  /** Reports waivers that can never apply. */
  addInvalidWaivers(): void {
    for (const problem of this.waivers.invalid()) this.addWaiver(problem);
  }

  /** Reports waivers that waived nothing, of checks that have run. */
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

  /** Returns the text of a path in messages. */
  show(path: Path): string {
    return this.written(path).text;
  }

  /** Returns the findings in the order of the file or, without a file, of the checks. */
  inOrder(): Finding[] {
    return inFileOrder(onePerText(this.findings));
  }

  /** The place of a path or, if it is not in the file, of its nearest parent. */
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

/** Returns one of the findings on the same text, which an alias uses in several places. */
function onePerText(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ id, problem, place }) => {
    const key = JSON.stringify([id, problem, place?.file, place?.offset]);
    if (place?.offset === undefined) return true;
    return !seen.has(key) && seen.add(key);
  });
}
