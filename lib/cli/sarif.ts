import { version } from '../../package.json';
import type { Finding } from '../findings';

/** A finding, or a note: levels of SARIF have the names of severities. */
export type SarifFinding = Omit<Finding, 'severity'> & { readonly severity: Finding['severity'] | 'note' };

/**
 * Findings as SARIF 2.1.0, which code scanning services read.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(findings: readonly SarifFinding[]): object {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'loki-alerts', version, rules: ids.map((id) => ({ id })) } },
        // Columns count UTF-16 code units, as in Finding.
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.id,
          ruleIndex: ids.indexOf(finding.id),
          level: finding.severity,
          message: { text: finding.subject ? `${finding.subject}: ${finding.message}` : finding.message },
          ...(finding.file !== undefined && { locations: [location(finding.file, finding)] }),
        })),
      },
    ],
  };
}

function location(file: string, { line, column }: SarifFinding): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split(/[\\/]/).map(encodeURIComponent).join('/') },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
  };
}
