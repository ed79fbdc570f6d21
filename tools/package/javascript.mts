import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import MagicString from 'magic-string';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { ENTRIES, isInstalled, lazyOutput, OUTPUTS } from './entries.mts';
import { usedClassesOfKubernetes } from './kubernetes.mts';
import { thirdPartyNotices } from './notices.mts';

/** In place of `__dirname`: a module that looks for files beside itself would find none, since it is bundled elsewhere. */
const FOLDER_OF_MODULE = '__folder_of_module';

/** Writes the entries as CommonJS with source maps, an ES module for each, and the notices of what is bundled. */
export async function writeJavaScript(folder: string): Promise<void> {
  const bundle = await rolldown({
    input: OUTPUTS,
    platform: 'node',
    external: isInstalled,
    plugins: [inlineTexts(), lazyImports(), usedClassesOfKubernetes()],
    transform: { define: { __dirname: FOLDER_OF_MODULE } },
    // A cycle or an unresolved import would only show in a user's project.
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    exports: 'named',
    sourcemap: true,
    chunkFileNames: 'chunk-[name]-[hash].js',
  });
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
  for (const chunk of chunks) {
    forbidFolderOfModule(chunk);
    // A module that only passes on the exports of others has no map.
    if (chunk.map) withoutForeignSources(join(folder, `${chunk.fileName}.map`));
    if (chunk.isEntry && chunk.name in ENTRIES) {
      // A thin layer over CommonJS: `import` and `require` in one process get the same classes.
      const names = chunk.exports.sort().join(', ');
      writeFileSync(join(folder, `${chunk.name}.mjs`), `export { ${names} } from './${chunk.name}.js';\n`);
    }
  }
  const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.md'), thirdPartyNotices(modules));
}

/** Puts the texts that modules read from their own folder into the code. */
function inlineTexts(): Plugin {
  return {
    name: 'inline-texts',
    transform: {
      filter: { code: 'readFileSync(join(__dirname' },
      handler: (code, id) => {
        const text = new MagicString(code).replace(/readFileSync\(join\(__dirname, '([^']+)'\), 'utf8'\)/g, (_, file) =>
          JSON.stringify(readFileSync(join(dirname(id), file), 'utf8')),
        );
        return { code: text.toString(), map: text.generateMap({ hires: true }) };
      },
    },
  };
}

/** Leaves what is loaded lazily in files of its own, which are beside all others. */
function lazyImports(): Plugin {
  return {
    name: 'lazy-imports',
    resolveId: (source, importer, { kind }) => {
      const name = importer && lazyOutput(source, importer, kind);
      return name ? { id: `./${name}.js`, external: true } : undefined;
    },
  };
}

function forbidFolderOfModule({ fileName, code }: OutputChunk): void {
  const line = code.split('\n').find((text) => text.includes(FOLDER_OF_MODULE));
  if (line) throw new Error(`${fileName} looks for files beside its source: ${line.trim()}`);
}

interface SourceMap {
  readonly sources: readonly string[];
  sourcesContent: (string | null)[];
}

/** Keeps the library's sources, to which a stack trace leads; those of dependencies are ten times as large. */
function withoutForeignSources(path: string): void {
  const map: SourceMap = JSON.parse(readFileSync(path, 'utf8'));
  map.sourcesContent = map.sourcesContent.map((text, i) => (map.sources[i]?.includes('node_modules/') ? null : text));
  writeFileSync(path, JSON.stringify(map));
}
