import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table of faults in docs/monitoring.md. */
export interface Row {
  readonly fault: string;
  /** Names of alerts of Loki's own rules, and of Prometheus. */
  readonly loki: readonly string[];
  readonly prometheus: readonly string[];
}

const PAGE = join(__dirname, '../../../docs/monitoring.md');
const HEADING = '## What happens in each fault';

/** @throws if a row names no alert: then nobody learns of the fault */
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

/** `Name (after how long)` of each. */
function names(cell: string): string[] {
  return [...cell.matchAll(/(\w+) \(/g)].map(([, name = '']) => name);
}
