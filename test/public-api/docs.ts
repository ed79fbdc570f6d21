import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { newApp } from '../../lib/migrate/new-app';
import type { Profile } from '../../lib/stack/profiles';

const ROOT = join(__dirname, '../..');

/** Declarations that the code of pages omits. */
const SURROUNDINGS = `
import { readFileSync } from 'node:fs';
import type { App as Cdk8sApp } from 'cdk8s';
import type { ExposureOptions } from './lib/kubernetes/exposure';
import type { CommonProps } from './lib/stack/props-schema';

type Options = Partial<CommonProps> & RoutingOptions & ExposureOptions;
declare const app: Cdk8sApp;
declare const logAlerting: LogAlerting;
declare const required: Pick<LogAlertingProps, 'rules' | 'rateAlert'>;
declare const links: Links;
declare const { grafanaUrl }: Links;
declare const payments: RuleFile;
declare const shopErrors: RuleFile;
declare const pods: PodsOptions;
declare const options: Partial<DistributedLokiOptions>;
`;

/** Imports of what `SURROUNDINGS` declares, or of names that are imported for all examples. */
const DROPPED_IMPORT = /^import .* from '(loki-alerts.*|\.\.\/lib|\.\/rules\/payments)';\n/gm;
const IMPORT = /^import .* from .*;\n/gm;

/** Returns the code of a page as a statement: it has statements, options, or one object. */
function statement(code: string): string {
  const whole = code
    .replaceAll('// …', '...required,')
    .replaceAll('{…}', '{} as never')
    .replace(/^export /gm, '')
    .replace(/^(\/\/.*\n|\s*\n)+/, '')
    .trim();
  if (/^\w+(,|: )/.test(whole)) return `({\n${whole}\n}) satisfies Options;`;
  return whole.startsWith('{') ? `(${whole}) satisfies Rule;` : whole;
}

/** Returns the TypeScript code of README and docs, with each block as a function, and the number of blocks. */
export function codeOfDocs(): { readonly code: string; readonly blocks: number } {
  const pages = globSync(['README.md', 'docs/*.md'], { cwd: ROOT }).sort();
  const blocks = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) =>
      code.replace(DROPPED_IMPORT, '').replaceAll("'../lib/", "'./lib/"),
    ),
  );
  const imports = [...new Set(blocks.flatMap((code) => code.match(IMPORT) ?? []))];
  const functions = blocks.map((code) => `void (async () => {\n${statement(code.replace(IMPORT, ''))}\n});`);
  return { code: [SURROUNDINGS, ...imports, ...functions].join('\n'), blocks: blocks.length };
}

/** Returns the code that `loki-alerts init` writes, as one module. */
export function codeOfNewApp(profile: Profile): string {
  const files = newApp({ name: 'alerting', profile, library: '0.0.0' });
  const [rule, main] = ['rules/payments.ts', 'main.ts'].map((file) => (files[file] ?? '').replace(DROPPED_IMPORT, ''));
  return `${main}declare const payments: RuleFile;\n{\n${rule?.replace(/^export /gm, '')}}\n`;
}
