import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../../package.json';
import { CHECKS, type CheckId } from '../checks';
import { type Finding, formatMessage, type Place } from '../checks/findings';
import { checkPageText, pageBody } from '../checks/pages';
import { STDIN_NAME } from '../yaml/load';

/** Name that SARIF viewers replace by the folder of the repository. */
const SOURCE_ROOT = '%SRCROOT%';

/** A finding or a note. Its severity is a SARIF level. */
export type SarifFinding = Omit<Finding, 'severity'> & { readonly severity: Finding['severity'] | 'note' };

/** Fields of package.json; a private package has no homepage. */
const { version, homepage } = manifest as { readonly version: string; readonly homepage?: string };

/**
 * Returns the findings as SARIF 2.1.0, which code scanning services read.
 *
 * @param site URL of the published docs, for `helpUri` @default the package's homepage; without one, the pages are only
 *   contained as text
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(findings: readonly SarifFinding[], site: string | undefined = homepage): object {
  const root = repositoryRoot();
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  const fingerprints = fingerprintsOf(findings, root);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'loki-alerts', version, rules: ids.map((id) => reportingDescriptor(id, site)) } },
        // Columns count UTF-16 code units, as in Finding.
        columnKind: 'utf16CodeUnits',
        // Code scanning takes paths relative to the repository, also from a run in a folder of it.
        originalUriBaseIds: { [SOURCE_ROOT]: { uri: `${pathToFileURL(root).href.replace(/\/$/, '')}/` } },
        invocations: [{ executionSuccessful: true }],
        results: findings.map((found, i) => ({
          ruleId: found.id,
          ruleIndex: ids.indexOf(found.id),
          level: found.severity,
          message: { text: formatMessage(found) },
          ...(found.place && { locations: [location(found.place, root)] }),
          // The name by which GitHub recognizes a finding in a later run.
          partialFingerprints: { primaryLocationLineHash: fingerprints[i] },
          ...(found.waived !== undefined && {
            suppressions: [{ kind: 'inSource', status: 'accepted', justification: found.waived }],
          }),
        })),
      },
    ],
  };
}

function reportingDescriptor(id: CheckId, site: string | undefined): object {
  const { title, severity } = CHECKS[id];
  const page = pageBody(checkPageText(id));
  return {
    id,
    shortDescription: { text: title },
    ...(site !== undefined && { helpUri: `${site.replace(/\/?(#.*)?$/, '')}/docs/checks/${id}.md` }),
    help: { text: page, markdown: page },
    defaultConfiguration: { level: severity },
  };
}

/** Hashes that stay the same when lines move: of the check, the file, the subject and the problem. Duplicates are numbered. */
function fingerprintsOf(findings: readonly SarifFinding[], root: string): string[] {
  const counts = new Map<string, number>();
  return findings.map(({ id, place, subject, problem }) => {
    const hash = createHash('sha256')
      .update(JSON.stringify([id, place && uriOf(place, root), subject, problem]))
      .digest('hex');
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}

function location(place: Place, root: string): object {
  const { line, column } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(place, root), uriBaseId: SOURCE_ROOT },
      ...(line !== undefined && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
    },
  };
}

function uriOf({ file }: Place, root: string): string {
  const path = file === STDIN_NAME ? file : relative(root, resolve(file));
  return path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

/** Root of the repository around the working folder; the working folder itself if there is none. */
function repositoryRoot(): string {
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return process.cwd();
  }
}
