import * as v from 'valibot';
import { captureNames, compileRegexp, matchesNothing } from '../../logql/regexp';
import { durationMs } from '../../text/duration';
import { duration, namespaceName, optionsOf, wrong } from '../../validate/validate';
import type { CollectorPipeline, DropRule, LogSelection, MultilineRule, RedactRule } from './options';

/** An entry that waits is one that no alert sees. */
const MAX_WAIT_MS = 60_000;

/** Loki cuts an entry at 256 kB: this many lines of 50 bytes. */
const MAX_LINES = 5000;

const MULTILINE_PRESETS = ['java', 'python', 'go', 'dotnet'] as const;
const REDACT_PRESETS = ['credentials', 'emails'] as const;

/** A regular expression as both collectors compile it: with Go's own library. */
const regexp = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const text = dataset.value;
    const compiled = compileRegexp({ value: text }, 'go');
    const fix = 'use the syntax of RE2, https://github.com/google/re2/wiki/Syntax';
    if ('error' in compiled) {
      addIssue({ message: wrong(`${JSON.stringify(text)} is not a valid regular expression: ${compiled.error}`, fix) });
    } else if (matchesNothing(compiled.regexp)) {
      addIssue({
        message: wrong(
          `${JSON.stringify(text)} matches the empty text, and so every line`,
          'require at least one character, e.g. with + instead of *',
        ),
      });
    }
  }),
);

const someNames = <Name extends v.GenericSchema<string>>(name: Name) =>
  v.pipe(
    v.array(name),
    v.nonEmpty(wrong('is empty, so the rule selects nothing', 'add a name, or remove the option for all')),
  );

const podName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9.*-]+$/, wrong('is not a name of a pod', 'use a-z, 0-9, -, . and *, e.g. shop-*')),
);

const selection = {
  namespaces: v.optional(someNames(namespaceName)),
  pods: v.optional(someNames(podName)),
  containers: v.optional(
    someNames(
      v.pipe(
        v.string(),
        v.regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, wrong('is not a name of a container', 'use a-z, 0-9 and -')),
      ),
    ),
  ),
} satisfies Record<keyof LogSelection, v.GenericSchema>;

const multiline = v.pipe(
  optionsOf<MultilineRule>()({
    ...selection,
    preset: v.optional(v.picklist(MULTILINE_PRESETS)),
    firstLine: v.optional(regexp),
    maxWait: v.optional(
      v.pipe(
        duration,
        v.check(
          (text) => (durationMs(text) ?? 0) <= MAX_WAIT_MS,
          wrong('is longer than a minute, by which every alert on the last line would be late', 'use e.g. "5s"'),
        ),
      ),
    ),
    maxLines: v.optional(
      v.pipe(
        v.number(),
        v.check(
          (lines) => Number.isInteger(lines) && lines > 1 && lines <= MAX_LINES,
          wrong('is not a number of lines', `use a whole number from 2 to ${MAX_LINES}`),
        ),
      ),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { preset, firstLine } = dataset.value;
    if ((preset === undefined) === (firstLine === undefined))
      addIssue({ message: oneOfTwo(preset, 'preset', 'firstLine') });
  }),
);

const drop = optionsOf<DropRule>()({ ...selection, pattern: regexp });

const redact = v.pipe(
  optionsOf<RedactRule>()({
    ...selection,
    preset: v.optional(v.picklist(REDACT_PRESETS)),
    pattern: v.optional(regexp),
    replacement: v.optional(v.string()),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { preset, pattern, replacement } = dataset.value;
    if ((preset === undefined) === (pattern === undefined))
      addIssue({ message: oneOfTwo(preset, 'preset', 'pattern') });
    else if (replacement !== undefined && pattern === undefined) {
      addIssue({ message: wrong('has a replacement, which a preset has itself', 'remove it, or use pattern') });
    } else if (replacement !== undefined && pattern !== undefined) {
      for (const message of wrongReferences(replacement, pattern)) addIssue({ message });
    }
  }),
);

function oneOfTwo(first: unknown, ...[one, other]: readonly [string, string]): string {
  return first === undefined
    ? wrong(`has neither ${one} nor ${other}`, `add one of the two`)
    : wrong(`has both ${one} and ${other}`, 'remove one of the two');
}

/** Go's references to groups: `$1`, `$name`, `${1}`, `${name}`, and `$$` for a dollar sign. */
const REFERENCE = /\$(?:\$|\{(\w+)\}|(\w+)|)/g;

/** Returns messages for references to groups that do not exist: Go replaces them by nothing. */
function wrongReferences(replacement: string, pattern: string): string[] {
  const compiled = compileRegexp({ value: pattern }, 'go');
  if ('error' in compiled) return [];
  const names = captureNames(compiled.regexp);
  const exists = (name: string) =>
    names.includes(name) || (/^\d+$/.test(name) && Number(name) <= compiled.regexp.groupCount());
  return [...replacement.matchAll(REFERENCE)].flatMap(([text, braced, bare]) => {
    if (text === '$$') return [];
    const name = braced ?? bare;
    if (name === undefined) {
      return [wrong(`has a single $ in replacement ${JSON.stringify(replacement)}`, 'write $$ for a dollar sign')];
    }
    if (exists(name)) return [];
    const [, number] = /^(\d+)[A-Za-z_]/.exec(bare ?? '') ?? [];
    return [
      wrong(
        `refers to ${text} in replacement ${JSON.stringify(replacement)}, but its pattern has no group "${name}"`,
        number === undefined ? 'add the group, or write $$ for a dollar sign' : `write \${${number}} in braces`,
      ),
    ];
  });
}

const rules = <Rule extends v.GenericSchema>(rule: Rule) =>
  v.optional(v.pipe(v.array(rule), v.nonEmpty(wrong('is empty', 'add a rule, or remove the option'))));

/** Changes to log lines on the node. */
export const collectorPipeline = optionsOf<CollectorPipeline>()({
  multiline: rules(multiline),
  drop: rules(drop),
  redact: rules(redact),
});
