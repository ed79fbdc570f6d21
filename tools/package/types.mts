import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { ENTRIES, isInstalled } from './entries.mts';

/** Packages whose types become part of the library's: users do not have them. */
const BUNDLED = ['cdk8s-plus-27'];

/** Writes a declaration file for each entry, for `require` and for `import`. */
export async function writeTypes(folder: string): Promise<void> {
  const bundle = await rollup({
    input: ENTRIES,
    external: isInstalled,
    plugins: [dts({ compilerOptions: { stripInternal: true }, includeExternal: BUNDLED })],
    onwarn: ({ message, code }) => {
      // Imports of modules that no public type needs; what is left of them is checked below.
      if (code !== 'UNRESOLVED_IMPORT') throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: 'types/[name].d.ts',
  });
  for (const file of output) {
    if (file.type !== 'chunk') continue;
    for (const imported of file.imports) {
      if (!imported.endsWith('.d.ts') && !isInstalled(imported)) {
        throw new Error(`${file.fileName} imports '${imported}', which users do not have`);
      }
    }
    if (file.isEntry) writeFileSync(join(folder, `${file.name}.d.mts`), `export * from './${file.name}.js';\n`);
  }
}
