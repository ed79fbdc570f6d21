import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import * as v from 'valibot';
import {
  type Document,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { finding, formatPath, type Path, type Place } from '../checks/findings';
import { BadInput } from './bad-input';
import { type RuleTestFile, ruleTestSchema } from './format';

/** A file of tests with the places of its parts. */
export interface SourcedTestFile {
  readonly content: RuleTestFile;
  /** Path of the file, relative to the working folder; of the calling test for tests written in TypeScript. */
  readonly path: string;
  /** Folder that relative paths in the file start from. */
  readonly dir: string;
  /** The file's text; undefined for tests written in TypeScript. */
  readonly text?: string;
  /** Place of a part; nothing for tests written in TypeScript. */
  locate(path: Path): Place | undefined;
}

/** Aliases that one file may expand to: enough for shared streams, too few for a file that would fill the memory. */
const MAX_ALIASES = 100;

/** Reads a file of rule tests. @throws {BadInput} for all that is wrong with its form */
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

/** Reads the text of a test file. @throws {BadInput} for all that is wrong with its form */
export function parseTestFile(text: string, path: string, dir: string): SourcedTestFile {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: path, line, column: col, offset };
  };
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const list = (Array.isArray(documents) ? documents : []) as Document.Parsed[];
  const errors = list.flatMap((document) => document.errors);
  if (errors.length > 0) {
    throw new BadInput(
      errors.map(({ message, pos }) =>
        finding('rule-test-yaml', { problem: `invalid YAML: ${message}`, place: at(pos[0]) }),
      ),
    );
  }
  const [document, second] = list;
  if (!document || document.contents === null) {
    throw new BadInput([
      finding('rule-test-empty', {
        problem: 'empty file',
        fix: 'add rule_files and tests, or let `loki-alerts test --init rules.yaml` write them',
        place: at(0),
      }),
    ]);
  }
  if (second)
    throw new BadInput([
      finding('rule-test-yaml', {
        problem: 'second YAML document',
        fix: 'move it to a file of its own',
        place: at(second.range[0]),
      }),
    ]);

  const locate = (target: Path): Place => at(offsetOf(document, target, false));
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new BadInput([finding('rule-test-yaml', { problem: (error as Error).message, place: at(0) })]);
  }
  return {
    content: checkForm(plain, path, (target, ofKey) => at(offsetOf(document, target, ofKey))),
    path,
    dir,
    text,
    locate,
  };
}

/** Checks the form of tests, from YAML or TypeScript. @throws {BadInput} for all that is wrong */
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
      const got = issue.type === 'strict_object' || Array.isArray(issue.input) ? '' : `${JSON.stringify(issue.input)} `;
      return finding('rule-test-format', {
        path: target,
        subject: target.length > 0 ? `'${formatPath(target)}'` : 'the file',
        problem: `${got}${issue.message}`,
        place: locate?.(target, ofKey) ?? { file: path },
      });
    }),
  );
}

/** Offset of the value at a path, or of its key; of the nearest thing around it, if it is not there. */
function offsetOf(document: Document.Parsed, path: Path, ofKey: boolean): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, part] of path.entries()) {
    const resolved: Node | null | undefined =
      node && 'source' in node && 'resolve' in node ? (node as { resolve(d: Document): Node }).resolve(document) : node;
    if (isMap(resolved)) {
      const pair = resolved.items.find(
        (item) => isPair(item) && String((item.key as Scalar)?.value ?? item.key) === String(part),
      );
      if (!pair) return offset;
      const key = pair.key as Node;
      const value = isNode(pair.value) ? pair.value : null;
      offset = (value && !(ofKey && depth === path.length - 1) ? value.range?.[0] : key.range?.[0]) ?? offset;
      node = value;
    } else if (isSeq(resolved)) {
      const item = resolved.items[Number(part)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}
