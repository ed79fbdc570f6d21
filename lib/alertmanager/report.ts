import type { Finding, Severity } from '../findings';

/** A place in a file, from 1; columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the parts of a config stand in the file that it was read from. */
export interface Positions {
  readonly file: string;
  /**
   * The place of a value, or of the name of its field.
   *
   * @param path for instance `route.routes[0].receiver`
   */
  place(path: string, part: 'name' | 'value'): Place | undefined;
}

/** Gathers findings on one config and says where they belong. */
export class Report {
  readonly findings: Finding[] = [];

  constructor(
    private readonly config: unknown,
    private readonly positions?: Positions,
  ) {}

  error(id: string, path: string, message: string, part?: 'name' | 'value'): void {
    this.add('error', id, path, message, part);
  }

  warning(id: string, path: string, message: string, part?: 'name' | 'value'): void {
    this.add('warning', id, path, message, part);
  }

  /** As a person reads the file. What was not read from one stays in the order of the checks. */
  inOrder(): Finding[] {
    return [...this.findings].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  }

  private add(severity: Severity, id: string, path: string, message: string, part: 'name' | 'value' = 'value'): void {
    this.findings.push({
      id,
      severity,
      message,
      subject: this.subject(path),
      ...(this.positions && { file: this.positions.file, ...this.place(path, part) }),
    });
  }

  /** What is not in the file is shown at what it is missing from. */
  private place(path: string, part: 'name' | 'value'): Place | undefined {
    for (let at = path; ; at = parentPath(at)) {
      const place = this.positions?.place(at, at === path ? part : 'value');
      if (place || at === '') return place;
    }
  }

  /** The path, with the receiver's name instead of its number. */
  private subject(path: string): string | undefined {
    const [, index, rest = ''] = /^receivers\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
    if (index === undefined) return path || undefined;
    const receivers = (this.config as { receivers?: unknown } | undefined)?.receivers;
    const name = Array.isArray(receivers) ? (receivers[Number(index)] as { name?: unknown } | null)?.name : undefined;
    if (typeof name !== 'string' || name === '') return path;
    return rest ? `receiver '${name}': ${rest}` : `receiver '${name}'`;
  }
}

export function fieldPath(parent: string, field: string): string {
  return parent === '' ? field : `${parent}.${field}`;
}

export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

function parentPath(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));
}
