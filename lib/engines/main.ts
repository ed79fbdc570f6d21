import { Command } from 'commander';
import { table } from '../text/table';
import { type Engine, type EngineName, engineNames, engineSpecs } from './engine';
import { ensureEngines, findLocalEngine } from './find';

const HEADINGS = ['engine', 'version', 'source', 'path'];

/** `npm run engines`: lists the engines on this machine; with names, finds or builds these and prints where they are. */
async function main(names: readonly string[], { all }: { readonly all?: boolean }): Promise<void> {
  const unknown = names.filter((name) => !engineNames.includes(name as EngineName));
  if (unknown.length > 0) {
    throw new Error(`unknown engine: ${unknown.join(', ')}. Use one of: ${engineNames.join(', ')}`);
  }
  const wanted = all ? engineNames : (names as EngineName[]);
  if (wanted.length === 0) return list();
  const found = await ensureEngines(wanted, { progress: (message) => console.error(message) });
  console.log(table([HEADINGS, ...wanted.map((name) => row(found[name]))]));
}

/** Lists all engines. Builds none, which takes minutes. */
async function list(): Promise<void> {
  const rows: string[][] = [];
  for (const name of engineNames) {
    const found = await findLocalEngine(name);
    rows.push(found ? row(found) : [name, '-', '-', `a build takes about ${engineSpecs[name].go.minutes} minutes`]);
  }
  console.log(table([HEADINGS, ...rows]));
  console.log('\nTo pull or build missing ones: npm run engines -- <names>, or --all; see docs/engines.md');
}

function row({ name, version, source, image, path }: Engine): string[] {
  return [name, version, source, image ?? path];
}

new Command('npm run engines --')
  .description('Lists the engines on this machine. With names, finds, pulls or builds these.')
  .argument('[names...]', engineNames.join(', '))
  .option('--all', 'all of them')
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
