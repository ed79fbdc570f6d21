import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as v from 'valibot';
import { finding, formatPath, type Path, type Place } from '../checks/findings';
import { diagnosisOf } from '../validate/validate';
import { locate } from '../yaml/nodes';
import { OWN_YAML, parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import { sourceText } from '../yaml/source';
import { BadInput } from './bad-input';
import { ruleTestSchema } from './format';
import type { RuleTestFile } from './test-file';

/** A test file with the places of its parts. */
export interface SourcedTestFile {
  readonly content: RuleTestFile;
  /**
   * Path of the file, relative to the working directory; for tests in TypeScript, the directory of the calling test.
   */
  readonly path: string;
  /** Directory that relative paths in the file start from. */
  readonly dir: string;
  /** Text of the file. @default none, for tests in TypeScript */
  readonly text?: string;
  /** Returns the place of a part; undefined for tests in TypeScript. */
  locate(path: Path): Place | undefined;
}

/** Reads a test file. @throws {BadInput} with all findings on its form */
export function readTestFile(file: string, dir: string): SourcedTestFile {
  const path = relative(process.cwd(), file) || file;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new BadInput([finding('rule-test-file', { problem: `cannot be read (${code})`, place: { file: path } })]);
  }
  return parseTestFile(bytes.toString('utf8'), path, dir);
}

/** Reads the text of a test file. @throws {BadInput} with all findings on its form */
export function parseTestFile(text: string, path: string, dir: string): SourcedTestFile {
  const source = sourceText(path, text);
  const { documents, problems } = parseYaml(source.text, OWN_YAML);
  const [document, second] = documents;
  const plain = document && problems.length === 0 ? plainValue(document) : undefined;
  const broken = [...problems, ...(plain?.problems ?? [])];
  if (broken.length > 0) {
    throw new BadInput(
      broken.map(({ problem, fix, offset }) =>
        finding('rule-test-yaml', { problem: `invalid YAML: ${problem}`, fix, place: source.placeAt(offset) }),
      ),
    );
  }
  if (!document || document.root === null || !plain) {
    throw new BadInput([
      finding('rule-test-empty', {
        problem: 'empty file',
        fix: 'add "rule_files" and "tests", e.g. with `loki-alerts test --init rules.yaml`',
        place: source.placeAt(0),
      }),
    ]);
  }
  if (second)
    throw new BadInput([
      finding('rule-test-yaml', {
        problem: 'second YAML document: a test file has one',
        fix: 'move it to a file of its own',
        place: source.placeAt(second.offset),
      }),
    ]);
  const placeOf = (target: Path, ofKey = false): Place => {
    const { node, keyNode, depth } = locate(document, target);
    const shown = ofKey && depth === target.length ? (keyNode ?? node) : (node ?? keyNode);
    return source.placeAt(shown?.range?.[0] ?? 0);
  };
  return { content: checkForm(plain.value, path, placeOf), path, dir, text, locate: (target) => placeOf(target) };
}

/** Checks the form of tests, from YAML or TypeScript. @throws {BadInput} with all findings */
export function checkForm(plain: unknown, path: string, locate?: (path: Path, ofKey: boolean) => Place): RuleTestFile {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw new BadInput([
      finding('rule-test-format', {
        problem: 'expected a map',
        fix: 'add "rule_files" and "tests"',
        place: { file: path, line: 1, column: 1 },
      }),
    ]);
  }
  const parsed = v.safeParse(ruleTestSchema, plain);
  if (parsed.success) return parsed.output as RuleTestFile;
  throw new BadInput(
    parsed.issues.map((issue) => {
      const target = (issue.path ?? []).map((item) => item.key as string | number);
      const ofKey = issue.type === 'strict_object' && issue.expected === 'never';
      const { problem, fix } = diagnosisOf(issue.message);
      const got = issue.type === 'strict_object' || Array.isArray(issue.input) ? '' : `${JSON.stringify(issue.input)} `;
      return finding('rule-test-format', {
        path: target,
        subject: target.length > 0 ? `'${formatPath(target)}'` : 'the file',
        problem: `${got}${problem}`,
        fix,
        place: locate?.(target, ofKey) ?? { file: path },
      });
    }),
  );
}
