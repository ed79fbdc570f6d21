import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table of faults in docs/monitoring.md. */
export interface Row {
  readonly fault: string;
  /** Names of alerts in Loki's rules. */
  readonly loki: readonly string[];
  /** Names of alerts in Prometheus. */
  readonly prometheus: readonly string[];
  /** Delay from the fault to each alert by its name, as a Prometheus duration. */
  readonly after: Readonly<Record<string, string>>;
}

const PAGE = join(__dirname, '../../../docs/monitoring.md');
const HEADING = '## What happens in each fault';

/** Reads the table of faults. @throws if a row has no alert, because the fault would go unnoticed */
export function faultTable(): Row[] {
  const [, section = ''] = readFileSync(PAGE, 'utf8').split(`${HEADING}\n`);
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const [, fault = '', , loki = '', prometheus = ''] = line.split('|').map((cell) => cell.trim());
    const [own, others] = [delays(loki), delays(prometheus)];
    const row = { fault, loki: Object.keys(own), prometheus: Object.keys(others), after: { ...own, ...others } };
    if (row.loki.length + row.prometheus.length === 0) throw new Error(`no alert for the fault '${fault}'`);
    return row;
  });
}

/** Returns the delays in a cell by the name of the alert: `Name (30 s, …)` or `Name (5 min)`. */
function delays(cell: string): Record<string, string> {
  const named = [...cell.matchAll(/(\w+) \((\d+) (min|s)\b/g)];
  return Object.fromEntries(
    named.map(([, name = '', number = '', unit = '']) => [name, `${number}${unit === 'min' ? 'm' : unit}`]),
  );
}
