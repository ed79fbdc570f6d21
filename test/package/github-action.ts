import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Consumer, ROOT } from './consumer';

interface Step {
  readonly id: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export const ACTION: Action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

/** Result of a step: its exit code and output; undefined if its condition is false, or if it is another action. */
export type Results = Readonly<Record<string, { readonly status: number | null; readonly output: string } | undefined>>;

/** Runs the action's steps in a project as GitHub's runner does, on this machine. */
export function runAction(
  project: Consumer,
  inputs: Readonly<Record<string, string>>,
  machine: NodeJS.ProcessEnv = {},
): Results {
  const defaults = Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default]);
  const context = { inputs: { ...Object.fromEntries(defaults), ...inputs }, steps: {} as Record<string, object> };
  const results: Record<string, Results[string]> = {};
  let failed = false;
  for (const step of ACTION.runs.steps) {
    const runs = step.if === undefined ? !failed : evaluate(step.if, context);
    if (!runs || step.run === undefined) continue;
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluate(value, context)]);
    const result = runStep(project, step.run, { ...machine, ...Object.fromEntries(env) });
    results[step.id] = result;
    context.steps[step.id] = { outputs: result.outputs };
    failed ||= result.status !== 0;
  }
  return results;
}

function runStep(project: Consumer, script: string, env: NodeJS.ProcessEnv) {
  const files = { script: join(project.folder, '.step.sh'), outputs: join(project.folder, '.outputs') };
  writeFileSync(files.script, script);
  writeFileSync(files.outputs, '');
  // Of `shell: bash`.
  const { status, output } = project.attempt(`bash --noprofile --norc -eo pipefail ${files.script}`, {
    env: { ...env, GITHUB_OUTPUT: files.outputs, GITHUB_ACTIONS: 'true' },
  });
  const lines = readFileSync(files.outputs, 'utf8').split('\n').filter(Boolean);
  return { status, output, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
}

/** Evaluates a whole expression of a workflow: those here have the same meaning in JavaScript. */
function evaluate(text: string, { inputs, steps }: { readonly inputs: object; readonly steps: object }): unknown {
  const [, expression] = /^\$\{\{(.*)\}\}$/s.exec(text) ?? [];
  if (expression === undefined) return text;
  return new Function('inputs', 'steps', 'cancelled', `return ${expression}`)(inputs, steps, () => false);
}
