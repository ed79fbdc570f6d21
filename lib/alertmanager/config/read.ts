import { isMap, isScalar, isSeq } from 'yaml';
import { type Diagnosis, type Finding, finding } from '../../checks/findings';
import { DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import { ALERTMANAGER_YAML, parseYaml, type YamlProblem } from '../../yaml/parse';
import { sourceText } from '../../yaml/source';
import { TypedReader } from '../../yaml/typed';
import type { AlertmanagerConfig } from './config';
import { ConfigFindings, type Positions } from './config-findings';
import { alertmanagerConfigAt } from './config-schema';
import { checkShape } from './shape';
import { addWaiverComments } from './waiver-comments';

/** A config that was read, and its findings. */
export interface ReadConfig {
  /** The config; undefined if it is not valid YAML or a value has the wrong type. */
  readonly config?: AlertmanagerConfig;
  /** The config with values of the wrong type, for `checkedConfig`. @default none, all have the right type */
  readonly partial?: AlertmanagerConfig;
  /** Places of its parts, for `checkAlertmanagerConfig`. */
  readonly positions: Positions;
  /** YAML and type errors; `checkAlertmanagerConfig` returns all others. */
  readonly findings: readonly Finding[];
}

/** Limit of a ConfigMap and of a Secret, https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MAX_LENGTH = 1024 * 1024;

/** Most of the syntax errors after these follow from them. */
const MAX_SYNTAX_ERRORS = 20;

/**
 * Reads alertmanager.yml as Alertmanager does: YAML 1.1, the first document only.
 *
 * @param text content of the file
 * @param file its name, for the findings
 * @param version of Alertmanager that it is for
 */
export function readAlertmanagerConfig(text: string, file: string, version = DEFAULT_ALERTMANAGER): ReadConfig {
  const source = sourceText(file, text);
  const findings: Finding[] = [];
  const failed = ({ problem, fix, offset }: YamlProblem) =>
    findings.push(finding('alertmanager-yaml', { problem, fix, place: source.placeAt(offset) }));
  let reader: TypedReader | undefined;
  const positions: Positions = {
    file,
    place: (path, part) => {
      const offset = reader?.offset(path, part);
      return offset === undefined ? undefined : source.placeAt(offset);
    },
  };
  const done = (config?: AlertmanagerConfig): ReadConfig => ({ config, positions, findings });

  if (source.text.length > MAX_LENGTH) {
    const problem = 'larger than 1 MiB, the limit of a ConfigMap and a Secret';
    failed({ problem, fix: 'split it, or correct the file name', offset: 0 });
    return done();
  }
  const { documents, problems } = parseYaml(source.text, ALERTMANAGER_YAML);
  const [document, next] = documents;
  for (const { problem, ...more } of (document?.problems ?? problems).slice(0, MAX_SYNTAX_ERRORS))
    failed({ problem: `invalid YAML: ${problem}`, ...more });
  if (findings.length > 0) return done();
  if (next) {
    const problem = 'second YAML document, which Alertmanager ignores';
    const fix = 'move it into the first document, or remove it';
    findings.push(finding('alertmanager-documents', { problem, fix, place: source.placeAt(next.offset) }));
  }
  const node = document?.root;
  if (!document || !node || (isScalar(node) && node.value === '')) {
    failed({ problem: 'empty file', fix: 'add at least a route and its receiver', offset: 0 });
    return done();
  }
  if (!isMap(node)) {
    const problem = `expected a map, got ${isSeq(node) ? 'a list' : 'a string'}`;
    failed({ problem, fix: 'add route and receivers', offset: 0 });
    return done();
  }
  const schema = alertmanagerConfigAt(version);
  reader = new TypedReader(document);
  const value = reader.read(node, schema);
  for (const problem of reader.problems) failed(problem);
  const comments = new ConfigFindings(value, positions);
  for (const path of reader.empty) {
    const wrong = commentAsValue(source.text.slice(reader.offset(path, 'name')));
    if (wrong) comments.add('alertmanager-comment', path, wrong, 'name');
  }
  findings.push(...comments.findings);
  const report = new ConfigFindings(value, positions);
  const typed = checkShape(value, schema, [], report, () => undefined);
  if (!typed) findings.push(...report.findings);
  const readable = reader.problems.length === 0;
  findings.push(...addWaiverComments(value, node, source));
  if (!typed && readable) return { ...done(), partial: value as AlertmanagerConfig };
  return done(typed && readable ? (value as AlertmanagerConfig) : undefined);
}

/** A field whose value is missing, because an unquoted `#` begins a comment. */
const COMMENT_AS_VALUE = /^[^\n:]*:[ \t]+(#[^\s#][^\n]*)/;

function commentAsValue(field: string): Diagnosis | undefined {
  const value = COMMENT_AS_VALUE.exec(field)?.[1]?.trimEnd();
  if (value === undefined) return undefined;
  const problem = `has no value: "${value}" is a comment in YAML`;
  return { problem, fix: `quote it: '${value.replaceAll("'", "''")}'` };
}
