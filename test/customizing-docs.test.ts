import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import { diffLines } from 'diff';
import ts from 'typescript';
import * as lib from '../lib';
import { byteQuantity } from '../lib/kubernetes/quantity';
import { MIN_MEMORY, MIN_MEMORY_WITH_REPLAY } from '../lib/loki/memory';
import { PODS_NAMES } from '../lib/stack/pods';
import { checkLogAlertingOptions } from '../lib/stack/validate-props';
import { EVERYTHING, inFolder, PROPS, parse, type SomeProps, synth } from './manifests/synth';

const PAGE = join(__dirname, '../docs/customizing.md');
const text = readFileSync(PAGE, 'utf8');

/** Code, and the block that follows with its effect. */
const SNIPPET = /^```ts\n(?<code>[\s\S]*?)^```\n(?:\n```(?<kind>diff|text)\n(?<effect>[\s\S]*?)^```\n)?/gm;

interface Snippet {
  readonly code: string;
  /** `diff`: of objects; `text`: names of files. @default none, only options are without */
  readonly kind?: string;
  readonly effect?: string;
}

const snippets = [...text.matchAll(SNIPPET)].map(({ groups }) => groups as unknown as Snippet);
const firstLines = ({ code }: Snippet) => code.split('\n').slice(0, 2).join(' ');
const isOptions = ({ code }: Snippet) => /^\w+: /.test(code);
const options = snippets.filter(isOptions);
const statements = snippets.filter((each) => !isOptions(each) && each.kind !== undefined);

/** A stack without the demo; snippets about targets are for a distributed Loki. */
const SINGLE: SomeProps = {
  profile: 'single',
  slack: { webhookSecret: 'slack-webhook' },
  grafana: { adminSecret: 'grafana-admin' },
};
const stackOf = ({ code }: Snippet) => (code.includes("'loki-") ? EVERYTHING : SINGLE);

const optionsOf = ({ code }: Snippet) => new Function(`return { ${code} };`)() as object;

/** Returns the files of the stack after the statements of a snippet. */
function run({ code }: Snippet): Record<string, string> {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return inFolder((outdir) => {
    const app = new cdk8s.App({ outdir });
    const logAlerting = new lib.LogAlerting(app, 'log-alerting', { ...PROPS, ...SINGLE } as lib.LogAlertingProps);
    const names = { ...cdk8s, ...lib, app, logAlerting };
    new Function(...Object.keys(names), outputText)(...Object.values(names));
    app.synth();
  });
}

function effectOf(snippet: Snippet): string {
  const changed = isOptions(snippet) ? synth({ ...SINGLE, ...optionsOf(snippet) }) : run(snippet);
  if (snippet.kind === 'text') return `${Object.keys(changed).sort().join('\n')}\n`;
  const before = synth(SINGLE);
  return Object.keys(changed)
    .flatMap((file) => {
      const hunks = changedObjects(before[file] ?? '', changed[file] ?? '');
      return hunks.length > 0 ? [`--- dist/${file}\n${hunks.join('')}`] : [];
    })
    .join('');
}

/** Returns the changed lines of each object, as hunks of a diff. */
function changedObjects(before: string, after: string): string[] {
  const texts = (file: string) => new Map(file.split(/^---\n/m).map((each) => [titleOf(each), each]));
  const old = texts(before);
  return [...texts(after)].flatMap(([title, now]) => {
    const lines = diffLines(old.get(title) ?? '', now).flatMap(({ added, removed, value }) =>
      added || removed
        ? value
            .replace(/\n$/, '')
            .split('\n')
            .map((line) => `${added ? '+' : '-'}${line}\n`)
        : [],
    );
    return lines.length > 0 ? [`@@ ${title} @@\n${lines.join('')}`] : [];
  });
}

function titleOf(object: string): string {
  const [{ kind, metadata } = { kind: '', metadata: { name: '' } }] = parse(object);
  return `${kind} ${metadata.name}`;
}

test.each(options.map((each) => [firstLines(each), each] as const))('options: %s', (_, snippet) => {
  const props = { ...stackOf(snippet), ...optionsOf(snippet) };

  expect(checkLogAlertingOptions({ ...PROPS, ...props })).toEqual([]);
  expect(synth(props)).not.toEqual(synth(stackOf(snippet)));
});

// After a change of snippets or manifests: `UPDATE_CUSTOMIZING=1 npx jest test/customizing-docs`, and read the diff.
if (process.env.UPDATE_CUSTOMIZING) {
  const updated = text.replace(SNIPPET, (all, ...rest) => {
    const snippet = rest.at(-1) as Snippet;
    return snippet.kind === undefined
      ? all
      : `\`\`\`ts\n${snippet.code}\`\`\`\n\n\`\`\`${snippet.kind}\n${effectOf(snippet)}\`\`\`\n`;
  });
  writeFileSync(PAGE, updated);
}

const withEffect = snippets.filter(({ kind }) => kind !== undefined);

test.each(withEffect.map((each) => [firstLines(each), each] as const))('effect of %s', (_, snippet) => {
  expect(effectOf(snippet)).toBe(snippet.effect);
});

test('every component is named, and figures are those of the code', () => {
  expect([options.length, statements.length]).toEqual([4, 7]);
  expect(PODS_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const [least, withReplay] = [MIN_MEMORY, MIN_MEMORY_WITH_REPLAY].map((bytes) =>
    byteQuantity(bytes).replace('Mi', ' MiB'),
  );
  expect(text).toContain(`| ${least}; ${withReplay} with a write-ahead log |`);
});
