import { type EngineName, engineNames } from './engine';
import { ensureEngines } from './find';

/** `npm run engines [names…]`: finds or builds engines and prints where they are. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !engineNames.includes(name as EngineName));
  if (unknown.length > 0)
    throw new Error(`unknown engine: ${unknown.join(', ')}. Use one of: ${engineNames.join(', ')}`);
  const wanted = names.length > 0 ? (names as EngineName[]) : engineNames;
  const found = await ensureEngines(wanted, (message) => console.error(message));
  const rows = wanted
    .map((name) => found[name])
    .map(({ name, version, source, image, path }) => [name, version, source, image ?? path]);
  const table = [['engine', 'version', 'source', 'path'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
