import { type EngineName, engineNames } from './engine';
import { ensureEngines } from './find';

/** `npm run engines [names…]`: finds or builds the engines and says where they are. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !engineNames.includes(name as EngineName));
  if (unknown.length > 0)
    throw new Error(`no such engine: ${unknown.join(', ')}. There are: ${engineNames.join(', ')}`);
  const wanted = names.length > 0 ? (names as EngineName[]) : engineNames;
  const found = await ensureEngines(wanted, (message) => console.error(message));
  const rows = wanted
    .map((name) => found[name])
    .map(({ name, version, source, image, path }) => [name, version, source, image ?? path]);
  for (const row of [['engine', 'version', 'source', 'path'], ...rows]) {
    console.log(row.map((cell, column) => cell.padEnd([14, 10, 13, 0][column] ?? 0)).join(''));
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
