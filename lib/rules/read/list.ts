import { existsSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { globSync } from 'tinyglobby';

export interface ListOptions {
  /** Folder that patterns are relative to. @default the working directory */
  readonly cwd?: string;
  /** Patterns of files and folders to exclude, relative to `cwd`, in the syntax of `.gitignore`. @default none */
  readonly exclude?: readonly string[];
  /** More such patterns, relative to another folder: those of a configuration. @default none */
  readonly excludedIn?: { readonly folder: string; readonly patterns: readonly string[] };
  /** True to skip files in folders that the `.gitignore` files of the repository exclude. @default false */
  readonly gitignore?: boolean;
}

/** YAML files, and folders that could not be read. */
export interface Listed {
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * YAML files that match a file name, a folder or a glob, each once even if several links lead to it. Rule tests, hidden
 * files and `node_modules` are excluded.
 */
export function listFiles(pattern: string, options: ListOptions = {}): Listed {
  const { cwd = process.cwd() } = options;
  const path = resolve(cwd, pattern);
  const stats = statOf(path);
  if (stats && !('isDirectory' in stats && stats.isDirectory())) return { files: [path], unreadable: [] };
  const { exclude = [], excludedIn, gitignore = false } = options;
  const excluded = [{ folder: cwd, patterns: exclude }, ...(excludedIn ? [excludedIn] : [])].map(
    ({ folder, patterns }): Ignored => ({ folder, patterns: ignore().add([...patterns]) }),
  );
  if (stats) return new Walk(excluded, gitignore).walk(path);
  const found = globSync(pattern, { absolute: true, cwd, ignore: ['**/node_modules/**', '**/*.test.{yaml,yml}'] });
  const files = found.map((file) => resolve(file)).filter((file) => !excluded.some((each) => matches(each, file)));
  return { files: onceEach(files.sort().map((path) => ({ path, real: realPath(path) }))), unreadable: [] };
}

/** Paths of the files that `listFiles` finds. */
export function listYaml(pattern: string, cwd = process.cwd()): string[] {
  return [...listFiles(pattern, { cwd }).files];
}

/** A `.gitignore` and the folder that its patterns are relative to. */
interface Ignored {
  readonly folder: string;
  readonly patterns: Ignore;
}

class Walk {
  /** Paths of files, and of links to them, with the paths that they lead to. */
  private readonly files: FoundFile[] = [];
  private readonly links: FoundFile[] = [];
  private readonly unreadable: { path: string; reason: string }[] = [];
  private readonly folders = new Set<string>();
  /** Linked folders come last, so that each folder is listed under its own name. */
  private readonly linked: (readonly [string, readonly Ignored[]])[] = [];

  constructor(
    private readonly excluded: readonly Ignored[],
    private readonly gitignore: boolean,
  ) {}

  walk(folder: string): Listed {
    this.folder(folder, this.gitignore ? ignoredAround(folder) : []);
    for (let next = this.linked.shift(); next; next = this.linked.shift()) this.folder(...next);
    // Files before links to them, so that each file is listed under its own name.
    const found = [...this.files.sort(byPath), ...this.links.sort(byPath)];
    return { files: onceEach(found).sort(), unreadable: this.unreadable };
  }

  private folder(folder: string, around: readonly Ignored[]): void {
    try {
      const real = realpathSync(folder);
      if (this.folders.has(real)) return;
      this.folders.add(real);
      const entries = readdirSync(folder, { withFileTypes: true });
      const ignored = this.gitignore ? [...around, ...ignoredIn(folder)] : [];
      for (const entry of entries) {
        const path = join(folder, entry.name);
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
        const stats = entry.isSymbolicLink() ? statOf(path) : entry;
        if (!stats) continue;
        const isFolder = 'isDirectory' in stats && stats.isDirectory();
        if (!isFolder && !(isYaml(entry.name) && !('isFile' in stats && !stats.isFile()))) continue;
        if (this.isExcluded(path, isFolder, ignored)) continue;
        if (!isFolder) {
          if (entry.isSymbolicLink()) this.links.push({ path, real: realPath(path) });
          else this.files.push({ path, real: join(real, entry.name) });
        } else if (entry.isSymbolicLink()) this.linked.push([path, ignored]);
        else this.folder(path, ignored);
      }
    } catch (error) {
      this.unreadable.push({ path: folder, reason: (error as Error).message });
    }
  }

  private isExcluded(path: string, isFolder: boolean, ignored: readonly Ignored[]): boolean {
    if (this.excluded.some((each) => matches(each, path, isFolder))) return true;
    // As in git: the last matching pattern decides, and inner files take precedence.
    for (const { folder, patterns } of [...ignored].reverse()) {
      const { ignored: out, unignored } = patterns.test(under(folder, path, isFolder));
      if (out || unignored) return out;
    }
    return false;
  }
}

/** A path that exists, but leads nowhere: links that lead to themselves. */
type Unreachable = { readonly unreachable: true };

/** Returns what a path leads to; undefined if nothing. */
function statOf(path: string): Stats | Unreachable | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Reading it reports why.
    return { unreachable: true };
  }
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name) && !/\.test\.ya?ml$/.test(name);
}

/**
 * Patterns of the parent folders, up to the root of the repository; none if they exclude the folder itself, which was
 * named.
 */
function ignoredAround(folder: string): Ignored[] {
  const above: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder) above.unshift(at);
    if (existsSync(join(at, '.git'))) break;
    if (at === dirname(at)) return [];
  }
  const around = above.flatMap(ignoredIn);
  return around.some(({ folder: base, patterns }) => patterns.ignores(under(base, folder, true))) ? [] : around;
}

function ignoredIn(folder: string): Ignored[] {
  const path = join(folder, '.gitignore');
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
  return [{ folder, patterns: ignore().add(readFileSync(path, 'utf8')) }];
}

function matches({ folder, patterns }: Ignored, path: string, isFolder = false): boolean {
  const name = under(folder, path, isFolder);
  return ignore.isPathValid(name) && patterns.ignores(name);
}

function under(folder: string, path: string, isFolder: boolean): string {
  return `${relative(folder, path).split(sep).join('/')}${isFolder ? '/' : ''}`;
}

interface FoundFile {
  readonly path: string;
  /** Path without links. */
  readonly real: string;
}

function byPath(a: FoundFile, b: FoundFile): number {
  return a.path < b.path ? -1 : 1;
}

function realPath(path: string): string {
  // A broken link is read, and reported, under its own name.
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

function onceEach(files: readonly FoundFile[]): string[] {
  const seen = new Set<string>();
  return files.filter(({ real }) => !seen.has(real) && seen.add(real)).map(({ path }) => path);
}
