import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './entries.mts';

/** Files with the license of a package, and with the notices that it requires to be passed on. */
const LEGAL = /^(licen[cs]e|notice|copying)/i;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Returns the licenses of the packages that the modules are from, in Markdown. */
export function thirdPartyNotices(modules: readonly string[]): string {
  const folders = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageFolder));
  const sections = [...folders].map((folder) => {
    const { name, version, license }: Package = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder)
      .filter((file) => LEGAL.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8').trim());
    if (!license || texts.length === 0) throw new Error(`${name} is bundled, but has no license file`);
    return `## ${name} ${version} (${license})\n\n${texts.map((text) => `\`\`\`\n${text}\n\`\`\`\n`).join('\n')}`;
  });
  return `# Third-party notices\n\nThe JavaScript of this package contains parts of these packages.\n\n${sections.sort().join('\n')}`;
}

/** Returns the folder of the package that a module is in: the nearest one whose package.json has a name and version. */
function packageFolder(module: string): string {
  for (let folder = dirname(module.replace(/^\0/, '')); folder.startsWith(ROOT); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as Partial<Package>).version) return folder;
  }
  throw new Error(`${module} is in no package`);
}
