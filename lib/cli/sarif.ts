import { version } from '../../package.json';
import { CHECKS, type CheckId } from '../checks';
import { type Finding, formatMessage, type Place } from '../checks/findings';
import { checkPageText } from '../checks/pages';

/** A finding or a note. Its severity is a SARIF level. */
export type SarifFinding = Omit<Finding, 'severity'> & { readonly severity: Finding['severity'] | 'note' };

/**
 * Returns the findings as SARIF 2.1.0, which code scanning services read.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(findings: readonly SarifFinding[]): object {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'loki-alerts', version, rules: ids.map(reportingDescriptor) } },
        // Columns count UTF-16 code units, as in Finding.
        columnKind: 'utf16CodeUnits',
        results: findings.map((found) => ({
          ruleId: found.id,
          ruleIndex: ids.indexOf(found.id),
          level: found.severity,
          message: { text: formatMessage(found) },
          ...(found.place && { locations: [location(found.place)] }),
        })),
      },
    ],
  };
}

function reportingDescriptor(id: CheckId): object {
  const { title, severity } = CHECKS[id];
  return {
    id,
    shortDescription: { text: title },
    help: { text: checkPageText(id), markdown: checkPageText(id) },
    defaultConfiguration: { level: severity },
  };
}

function location({ file, line, column }: Place): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split(/[\\/]/).map(encodeURIComponent).join('/') },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
  };
}
