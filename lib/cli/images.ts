import { Command } from 'commander';
import { type Manifest, readDist } from '../kubernetes-objects/dist';
import { CLEAN, UsageError } from '../lint/exit-codes';
import { printLine, type Shell } from './shell';

/** `loki-alerts images [folders...]` */
export function imagesCommand(shell: Shell): Command {
  return new Command('images')
    .description('all images that the manifests of folders name, to be copied to a registry of your own or pinned')
    .argument('[folders...]', 'folders with manifests', ['dist'])
    .option('--json', 'print one JSON list', false)
    .addHelpText('after', '\nExit codes: 0 listed, 2 could not. docs/hardening.md shows what to do with the list.')
    .action((folders: string[], { json }: { json: boolean }) => {
      const images = [...new Set(folders.flatMap((folder) => read(folder).flatMap(imagesOf)))].sort();
      printLine(shell.stdout, json ? JSON.stringify(images) : images.join('\n'));
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
