import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { engineSpecs } from '../lib/engines/engine';
import { images, imageVersion } from '../lib/versions/images';

const ROOT = join(__dirname, '..');

/** Versions in texts: those of the images, and of the programs that tests run instead. */
const PINNED: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Loki: [imageVersion('loki')],
  Promtail: [imageVersion('promtail'), engineSpecs.promtail.go.version],
  Alertmanager: [imageVersion('alertmanager')],
  amtool: [imageVersion('alertmanager')],
  'OpenTelemetry Collector': [imageVersion('openTelemetryCollector')],
  Grafana: [imageVersion('grafana')],
  promtool: [imageVersion('prometheus')],
};

/** Words before a version that stays when another is pinned: `since Loki 3.5`, `measured on Loki 3.7.8`. */
const HISTORY = /\b(since|until|before|from|than|older|needs|[Mm]easured on) $/;

/** A program and its version, in prose or in the next cell of a table. */
const PROGRAM = new RegExp(
  `\\b(${Object.keys(PINNED).join('|')})(?:( v?)(\\d+\\.\\d+(?:\\.\\d+)?)|( \\| v?)(\\d+\\.\\d+\\.\\d+))`,
  'g',
);

const IMAGE = new RegExp(
  `(${Object.values(images)
    .map((image) => image.split(':')[0])
    .join('|')}):(v?\\d[\\w.-]*\\w)`,
  'g',
);

/** Generated files, and files from other projects. */
const NOT_OURS =
  /(^|\/)dist\/|^__snapshots__\/|^imports\/|^engines\/|\/fixtures\/|\.json$|^test\/versions\.test\.ts$|^lib\/versions\/images\.ts$/;

/** Returns the paths of the texts that may contain versions, relative to the root of the repository. */
export function textsWithVersions(): string[] {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return files.filter((file) => !NOT_OURS.test(file) && /\.(md|ts|yaml|yml|sh|js)$/.test(file));
}

/** Replaces each current version in a text by the one that lib/versions/images.ts pins. */
export function withPinnedVersions(text: string): string {
  return text
    .replace(PROGRAM, (found, name: string, space = '', prose = '', bar = '', cell = '', at: number) => {
      const version: string = prose || cell;
      const pins = PINNED[name] ?? [version];
      const numbers = version.split('.').length;
      const isPinned = pins.some((pin) => `${pin}.`.startsWith(`${version}.`));
      if (isPinned || HISTORY.test(text.slice(Math.max(0, at - 20), at))) return found;
      return name + space + bar + pins[0].split('.').slice(0, numbers).join('.');
    })
    .replace(IMAGE, (found, name: string) => {
      const current = Object.values(images).find((image) => image.startsWith(`${name}:`));
      // Texts do not repeat digests.
      return current?.replace(/@.*/, '') ?? found;
    });
}
