/**
 * `npm run docs:api`: writes the reference of the package to `docs/api`, a page for each entry, from the docstrings.
 * With `--check`, writes nothing, and fails if the pages are stale.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Application, Converter, PageEvent } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { ENTRIES, ROOT } from './entries.mts';

const PAGES = join(ROOT, 'docs/api');

/** Names of the entries, as users import them, by those that TypeDoc gives them: the folders of their sources. */
const NAMES = new Map(
  Object.entries(ENTRIES).map(([name, file]) => [
    relative(ROOT, dirname(file)),
    name === 'index' ? 'loki-alerts' : `loki-alerts/${name}`,
  ]),
);

const LAYOUT: Partial<PluginOptions> = {
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  entryFileName: 'README.md',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  propertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  tableColumnSettings: { hideSources: true, hideModifiers: true, hideInherited: true, hideOverrides: true },
};

/** Writes the pages to a folder. @throws if a docstring refers to something that does not exist */
async function write(folder: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: Object.values(ENTRIES),
    out: folder,
    plugin: ['typedoc-plugin-markdown'],
    name: 'loki-alerts',
    readme: 'none',
    // `npm run lint` checks them.
    skipErrorChecking: true,
    // Line numbers would make the pages stale with every change.
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    validation: { notExported: false },
    treatWarningsAsErrors: true,
    ...LAYOUT,
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = NAMES.get(module.name) ?? module.name;
  });
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replace(/<a id="property-[^"]*"><\/a> /g, '');
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources');
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the reference is incomplete');
}

function read(folder: string): ReadonlyMap<string, string> {
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** @throws if a page is not as the sources say */
async function check(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-reference-'));
  try {
    await write(folder);
    const [fresh, pages] = [read(folder), read(PAGES)];
    const stale = [...new Set([...fresh.keys(), ...pages.keys()])].filter(
      (file) => fresh.get(file) !== pages.get(file),
    );
    if (stale.length > 0) throw new Error(`docs/api is stale: npm run docs:api (${stale.join(', ')})`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  await (process.argv.includes('--check') ? check() : write(PAGES));
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
