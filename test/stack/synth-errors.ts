import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { LogAlerting, type LogAlertingProps } from '../../lib';
import { PROPS } from '../manifests/synth';

/** Returns the errors of a synthesis, one line per finding; fails if it writes anything. */
export function synthErrors(instead: object): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'synth-'));
  const outdir = join(folder, 'dist');
  try {
    const app = new App({ outdir });
    new LogAlerting(app, 'log-alerting', { ...PROPS, ...instead } as LogAlertingProps);
    expect(() => app.synth()).toThrow('Validation failed');
    expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);
    expect(app.charts).toEqual([]);
    return app.node.findAll().flatMap((construct) => construct.node.validate());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
