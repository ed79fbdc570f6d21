import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Start of the list of rules in main.ts. */
const RULES = 'rules: [';

export interface Synthesis {
  /** Exit code. */
  readonly code: number;
  readonly stderr: string;
}

/**
 * A copy of this project whose main.ts can be edited and synthesized, while the original and its dist stay unchanged.
 * Everything except main.ts and dist is a symlink.
 */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'log-alerting-e2e-'));
  /** Folder of the synthesized manifests. */
  readonly dist = join(this.folder, 'dist');

  /** @param main path of the main.ts to copy. @default that of this project */
  constructor(private readonly main = join(ROOT, 'main.ts')) {
    for (const entry of readdirSync(ROOT)) {
      if (!entry.startsWith('.') && !['main.ts', 'dist'].includes(entry)) {
        symlinkSync(join(ROOT, entry), join(this.folder, entry));
      }
    }
    copyFileSync(main, join(this.folder, 'main.ts'));
  }

  /**
   * Inserts a rule file, as TypeScript, at the start of the list in main.ts.
   * @throws if main.ts has no list of rules
   */
  addRuleFile(source: string): void {
    const main = readFileSync(this.main, 'utf8');
    if (!main.includes(RULES)) throw new Error(`main.ts has no '${RULES}'`);
    writeFileSync(join(this.folder, 'main.ts'), main.replace(RULES, `${RULES}${source}, `));
  }

  /** Runs the same command as `npm run synth`. */
  synth(signal: AbortSignal): Promise<Synthesis> {
    const scripts = join(ROOT, 'scripts');
    const child = spawn(process.execPath, [join(scripts, 'run.js'), join(scripts, 'synth.ts'), this.folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise((done, reject) => {
      child.once('error', reject);
      child.once('close', (code) => done({ code: code ?? 1, stderr }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
