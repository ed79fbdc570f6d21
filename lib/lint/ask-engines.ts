import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, finding } from '../checks/findings';
import { findEngine, quickLokiConfig, run, startLoki } from '../engines';
import { placeOf } from '../rules/source';
import type { Inputs } from './input-model';

/** Checks the rule files with a real Loki, and the routes with amtool. */
export async function askEngines(inputs: Inputs, progress: (message: string) => void): Promise<Finding[]> {
  return [
    ...(inputs.rules.length > 0 ? await askLoki(inputs, progress) : []),
    ...(inputs.routes.length > 0 ? await askAmtool(inputs, progress) : []),
  ];
}

/** Each file is a separate tenant: within one tenant, Loki only names the first invalid file. */
async function askLoki({ rules }: Inputs, progress: (message: string) => void): Promise<Finding[]> {
  const files = Object.fromEntries(rules.map(({ text }, i) => [`rules/${i}/rules.yaml`, text]));
  const loki = await startLoki(({ dir }) => quickLokiConfig({ dir, multiTenant: true }), { files, progress });
  try {
    const findings: Finding[] = [];
    for (const [i, { file }] of rules.entries()) {
      const response = await fetch(`${loki.url}/loki/api/v1/rules`, { headers: { 'X-Scope-OrgID': String(i) } });
      // 404: Loki has read the file, which has no groups.
      if (response.ok || response.status === 404) continue;
      const message = (await response.text()).replace(/^.*rules\.yaml: /s, '').trim();
      findings.push(
        finding('loki-refuses', {
          subject: `file '${file.name}'`,
          problem: `refused by Loki ${loki.engine.version}, which then loads no rules at all: ${message}`,
          fix: 'correct it',
          place: placeOf(file),
        }),
      );
    }
    return findings;
  } finally {
    await loki.stop();
  }
}

async function askAmtool({ routes }: Inputs, progress: (message: string) => void): Promise<Finding[]> {
  const engine = await findEngine('amtool', { progress });
  const dir = mkdtempSync(join(tmpdir(), 'loki-alerts-'));
  try {
    const findings: Finding[] = [];
    for (const { source } of routes) {
      writeFileSync(join(dir, 'alertmanager.yml'), source.text);
      const { code, stdout, stderr } = await run(engine, ['check-config', 'alertmanager.yml'], { cwd: dir });
      if (code === 0) continue;
      const message = /FAILED: (.*)/.exec(stdout + stderr)?.[1] ?? stderr.trim();
      const problem = `refused by Alertmanager ${engine.version}: ${message}`;
      findings.push(finding('alertmanager-refuses', { problem, fix: 'correct it', place: source.placeAt(0) }));
    }
    return findings;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
