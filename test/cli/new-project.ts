import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Answer, lokiAlerts } from '../support/cli';

const ROOT = resolve(__dirname, '../..');

/** A project that `loki-alerts init` writes to a temporary folder, with the packages of this repository. */
export class NewProject {
  private readonly parent = realpathSync(mkdtempSync(join(tmpdir(), 'init-')));
  readonly folder = join(this.parent, 'alerting');

  /** Writes the project. @throws if init fails */
  async init(...options: string[]): Promise<void> {
    const { status, stderr } = await lokiAlerts(['init', 'alerting', ...options], this.parent);
    if (status !== 0) throw new Error(stderr);
    this.useSourceOfPlugin();
    const { devDependencies } = JSON.parse(this.read('package.json'));
    for (const name of Object.keys(devDependencies)) {
      const target = name === 'loki-alerts' ? ROOT : join(ROOT, 'node_modules', name);
      mkdirSync(dirname(join(this.folder, 'node_modules', name)), { recursive: true });
      symlinkSync(target, join(this.folder, 'node_modules', name));
    }
  }

  /** Loads the plugin from its sources: the entry that cdk8s.yaml names exists only in the package, after a build. */
  private useSourceOfPlugin(): void {
    const entry = 'package: ./node_modules/loki-alerts';
    writeFileSync(join(this.folder, 'cdk8s.yaml'), this.read('cdk8s.yaml').replace(entry, `${entry}/plugin.js`));
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Runs `cdk8s synth`. */
  synth(): { readonly status: number | null; readonly output: string } {
    const cli = join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s');
    // The plugin, which is TypeScript here, and JavaScript in the package.
    const options = '--conditions=@loki-alerts/source --import tsx';
    const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false', NODE_OPTIONS: options };
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'synth'], {
      cwd: this.folder,
      encoding: 'utf8',
      env,
    });
    return { status, output: stdout + stderr };
  }

  verify(...options: string[]): Promise<Answer> {
    return lokiAlerts(['verify', ...options], this.folder);
  }

  remove(): void {
    rmSync(this.parent, { recursive: true });
  }
}
