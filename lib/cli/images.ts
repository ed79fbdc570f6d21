import { Command, Option } from 'commander';
import { type Manifest, readDist } from '../kubernetes-objects/dist';
import { CLEAN, UsageError } from '../lint/exit-codes';
import { jsonOption, printLine, type Shell } from './shell';

/** `loki-alerts images [folders...]` */
export function imagesCommand(shell: Shell): Command {
  return new Command('images')
    .description('list all images in manifests, to copy them to your registry or pin them')
    .argument('[folders...]', 'folders with manifests', ['dist'])
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addOption(jsonOption())
    .addHelpText('after', '\nExit codes: 0 success, 2 could not run.\nDocs: loki-alerts explain hardening')
    .action((folders: string[], { format }: { format: string }) => {
      const images = [...new Set(folders.flatMap((folder) => read(folder).flatMap(imagesOf)))].sort();
      printLine(shell.stdout, format === 'json' ? JSON.stringify(images) : images.join('\n'));
      shell.exitCode = CLEAN;
    });
}

function read(folder: string): Manifest[] {
  try {
    return readDist(folder);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

interface PodTemplate {
  readonly spec?: {
    readonly template?: {
      readonly spec?: Partial<Record<'containers' | 'initContainers', readonly { readonly image: string }[]>>;
    };
  };
}

function imagesOf(manifest: Manifest): string[] {
  const { containers = [], initContainers = [] } = (manifest as PodTemplate).spec?.template?.spec ?? {};
  return [...initContainers, ...containers].map(({ image }) => image);
}
