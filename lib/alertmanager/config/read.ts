import { type Document, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { type Finding, finding, formatPath, type Place } from '../../checks/findings';
import { DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import type { AlertmanagerConfig } from './config';
import { ConfigFindings, type Positions, type Wrong } from './config-findings';
import { alertmanagerConfigAt } from './config-schema';
import { checkShape } from './shape';
import { YamlReader } from './yaml-reader';

/** What was read, and what is wrong with it. */
export interface ReadConfig {
  /** The config, when every value in it has the type that it should have. */
  readonly config?: AlertmanagerConfig;
  /** Where its parts stand. Give it to `checkAlertmanagerConfig`. */
  readonly positions: Positions;
  /** Errors of YAML and of types; all others are `checkAlertmanagerConfig`'s. */
  readonly findings: readonly Finding[];
}

/** No ConfigMap and no Secret holds more, https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MAX_LENGTH = 1024 * 1024;

/** Past this many syntax errors the rest are echoes. */
const MAX_SYNTAX_ERRORS = 20;

/** What YAML 1.1 forbids. Upstream: `yaml_parser_update_buffer` of gopkg.in/yaml.v2. */
const FORBIDDEN = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Reads alertmanager.yml as Alertmanager does: YAML 1.1, the first document only.
 *
 * @param text content of the file
 * @param file its name, for the findings
 * @param version of Alertmanager that it is for
 */
export function readAlertmanagerConfig(text: string, file: string, version = DEFAULT_ALERTMANAGER): ReadConfig {
  const source = text.replace(/^\ufeff/, '');
  const lines = new LineCounter();
  const findings: Finding[] = [];
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), offset: offset + text.length - source.length };
  };
  const failed = (wrong: Wrong, offset = 0) =>
    findings.push(finding('alertmanager-yaml', { ...wrong, place: at(offset) }));

  const reader = new YamlReader(failed);
  const positions: Positions = {
    file,
    place: (path, part) => {
      const offset = reader.offsets.get(formatPath(path))?.[part];
      return offset === undefined ? undefined : at(offset);
    },
  };
  const done = (config?: AlertmanagerConfig): ReadConfig => ({ config, positions, findings });

  if (source.length > MAX_LENGTH) {
    failed({
      problem: 'larger than 1 MiB, the limit of a ConfigMap and a Secret',
      fix: 'split it; is it the right file?',
    });
    return done();
  }
  const forbidden = FORBIDDEN.exec(source);
  if (forbidden) {
    countLines(source, lines);
    const code = forbidden[0].codePointAt(0)?.toString(16).padStart(4, '0');
    failed(
      { problem: `character U+${code} is not allowed`, fix: `write "\\u${code}"; is it a text file?` },
      forbidden.index,
    );
    return done();
  }
  const documents = parse(source, lines);
  if ('problem' in documents) {
    failed(documents);
    return done();
  }
  const [document, next] = documents;
  const errors = document?.errors ?? [];
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) failed({ problem: 'nested too deeply', fix: 'remove levels' }, exhausted.pos[0]);
  else
    for (const { message, pos } of errors.slice(0, MAX_SYNTAX_ERRORS))
      failed({ problem: `invalid YAML: ${message.replace(/^./, (first) => first.toLowerCase())}` }, pos[0]);
  if (findings.length > 0) return done();
  if (next) {
    const problem = 'second YAML document, which Alertmanager ignores';
    const fix = 'move it into the first document, or remove it';
    findings.push(finding('alertmanager-documents', { problem, fix, place: at(next.range[0]) }));
  }
  const node = document?.contents;
  if (!node || (isScalar(node) && node.value === '')) {
    failed({ problem: 'empty file', fix: 'add at least a route and its receiver' });
    return done();
  }
  if (!isMap(node)) {
    failed({ problem: `expected a map, got ${isSeq(node) ? 'a list' : 'a string'}`, fix: 'add route and receivers' });
    return done();
  }
  const schema = alertmanagerConfigAt(version);
  const value = reader.read(node, schema);
  const report = new ConfigFindings(value, positions);
  const typed = checkShape(value, schema, [], report, () => undefined);
  if (!typed) findings.push(...report.findings);
  return done(
    typed && !findings.some(({ severity }) => severity === 'error') ? (value as AlertmanagerConfig) : undefined,
  );
}

/** The documents, or why there are none. */
function parse(source: string, lineCounter: LineCounter): readonly Document.Parsed[] | Wrong {
  try {
    // Scalars stay text: what they mean depends on the field they stand in. Names that stand twice are found later,
    // because the library compares each with each.
    const documents = parseAllDocuments(source, {
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter,
    });
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'nested too deeply', fix: 'remove levels' };
    return { problem: `invalid YAML: ${(error as Error).message}` };
  }
}

function countLines(source: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) lines.addNewLine(i + 1);
}
