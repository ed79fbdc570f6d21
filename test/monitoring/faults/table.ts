import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table of faults in docs/monitoring.md. */
export interface Row {
  readonly fault: string;
  /** Names of alerts in Loki's rules. */
  readonly loki: readonly string[];
  /** Names of alerts in Prometheus. */
  readonly prometheus: readonly string[];
}

const PAGE = join(__dirname, '../../../docs/monitoring.md');
const HEADING = '## What happens in each fault';

/** Reads the table of faults. @throws if a row has no alert, because the fault would go unnoticed */
export function faultTable(): Row[] {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split(`${HEADING}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const [, fault = '', , loki = '', prometheus = ''] = line.split('|').map((cell) => cell.trim());
    const row = { fault, loki: names(loki), prometheus: names(prometheus) };
    if (row.loki.length + row.prometheus.length === 0) throw new Error(`no alert for the fault '${fault}'`);
    return row;
  });
}

/** Returns the names in a cell: `Name (delay)`. */
function names(cell: string): string[] {
  return [...cell.matchAll(/(\w+) \(/g)].map(([, name = '']) => name);
}
