import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Labels } from '../../lib/alertmanager/config/routes';
import { formatMatcher } from '../../lib/alertmanager/matchers/matchers';
import { type Engine, run } from '../../lib/engines';

/** Calls `use` with a temporary folder that contains the texts as `0.yml`, `1.yml`, … */
export async function withFiles<T>(texts: readonly string[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amtool-'));
  try {
    await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.yml`), text)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the error of `amtool check-config` for each text; undefined if it accepts the text. */
export async function refusals(amtool: Engine, texts: readonly string[]): Promise<(string | undefined)[]> {
  return withFiles(texts, async (cwd) => {
    const names = texts.map((_text, index) => `${index}.yml`);
    const { stdout } = await run(amtool, ['check-config', ...names], { cwd });
    const verdicts = new Map(
      [...stdout.matchAll(/Checking '(\d+\.yml)'(?:time=.*\n)* {2}(SUCCESS|FAILED: .*)/g)].map(([, name, verdict]) => [
        name,
        verdict,
      ]),
    );
    return Promise.all(
      names.map(async (name) => {
        // A config that crashes amtool hides the verdicts on the following ones.
        const verdict = verdicts.get(name) ?? (await run(amtool, ['check-config', name], { cwd })).stdout;
        return verdict.includes('SUCCESS') ? undefined : verdict;
      }),
    );
  });
}

/** Returns the receivers of each set of labels, from `amtool config routes test`. */
export async function receivers(amtool: Engine, text: string, sets: readonly Labels[]): Promise<string[][]> {
  return withFiles([text], async (cwd) => {
    const found: string[][] = [];
    for (const labels of sets) {
      const args = Object.entries(labels).map(([name, value]) => formatMatcher({ name, operator: '=', value }));
      const { code, stdout, stderr } = await run(amtool, ['config', 'routes', 'test', '--config.file=0.yml', ...args], {
        cwd,
      });
      if (code !== 0) throw new Error(`amtool: ${stderr}`);
      // Warnings precede the receivers.
      found.push((stdout.trim().split('\n').at(-1) as string).split(','));
    }
    return found;
  });
}

/** Labels, also with the names of fields, so that templates find text wherever they look for it. */
const LABELS = Object.fromEntries(
  ['alertname', 'app', 'Alerts', 'Annotations', 'Labels', 'StartsAt', 'Status'].map((name) => [name, `${name}!`]),
);

const AN_ALERT = {
  status: 'firing',
  labels: LABELS,
  annotations: { title: 'Shop is down' },
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2026-01-01T01:00:00Z',
  generatorURL: 'http://loki.example.com',
  fingerprint: 'abc',
};

/** A notification in which no field is empty. */
const NOTIFICATION = {
  receiver: 'r',
  status: 'firing',
  alerts: [AN_ALERT, { ...AN_ALERT, status: 'resolved' }],
  notification_reason: 'x',
  groupLabels: { alertname: 'Down' },
  commonLabels: LABELS,
  commonAnnotations: AN_ALERT.annotations,
  routeLabels: { x: 'y' },
  externalURL: 'http://alertmanager.example.com',
};

/** Number of amtools at once. */
const PARALLEL = 4;

interface Rendered {
  readonly text: string;
  /** Error with which Alertmanager fails to execute it. @default none */
  readonly error?: string;
}

/** Returns the text of each template in a notification. */
export async function render(amtool: Engine, templates: readonly string[]): Promise<readonly Rendered[]> {
  return withFiles([JSON.stringify(NOTIFICATION)], async (cwd) => {
    const options = ['--template.glob=none', '--template.data=0.yml'];
    const rendered: Rendered[] = [];
    const left = [...templates.entries()];
    const work = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const [i, template] = next;
        const args = ['template', 'render', ...options, `--template.text=${template}`];
        const { code, stdout, stderr } = await run(amtool, args, { cwd });
        rendered[i] = { text: stdout, ...(code !== 0 && { error: stderr.trim() }) };
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return rendered;
  });
}
