import { Command } from 'commander';
import { deleteDist } from '../../lib/demo-run/cluster-stage';
import { confirm } from '../../lib/demo-run/confirm';
import { findCluster } from '../../lib/demo-run/kubectl';
import type { OnProgress } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { existingObjects } from './objects';
import { ProjectCopy } from './project';
import { renderReport, ScenarioReport } from './report';
import { runScenario } from './scenario';

interface Options {
  readonly yes?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly dist: string;
}

const started = Date.now();

/** Prints progress to stderr, with the time since the start; stdout only has the result. */
const print: OnProgress = (line) =>
  process.stderr.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}\n`);

/** @returns true if nothing failed */
async function main({ dist, yes, keep, json }: Options): Promise<boolean> {
  const cluster = await findCluster();
  if ('reason' in cluster) throw new Error(`no cluster: ${cluster.reason}`);
  const { context } = cluster;
  const manifests = readDist(dist);
  const found = await existingObjects(dist);
  if (found.length > 0) {
    throw new Error(
      `the cluster of context '${context}' already has ${found.slice(0, 3).join(', ')} and more: ` +
        "this test needs a cluster without the stack, and deletes it at the end: run 'npm run demo -- --down' first",
    );
  }
  if (!yes) await confirm(`Apply ${dist} to the cluster of context '${context}', and delete it at the end?`);

  const { signal, stopped } = stopBySignal();
  const report = new ScenarioReport(print, signal);
  const project = new ProjectCopy();
  print(`Applying ${dist} to the cluster of context '${context}'`);
  try {
    await runScenario({ dist, manifests, context, project, report, onProgress: print, signal, keep });
  } catch (error) {
    // A failure outside of a check ends the scenario, but not the report.
    report.fail('the scenario runs to the end', stopped() ?? (error as Error).message);
  }
  project.remove();
  if (!keep) {
    // Retries once, because a Ctrl-C during the first attempt also ends kubectl.
    await deleteRemaining(dist)
      .catch(() => deleteRemaining(dist))
      .catch((error) => report.fail('the stack is deleted', error.message));
  }
  report.figures['the whole test'] = `${Math.round((Date.now() - started) / 1000)} s`;
  const { checks, figures } = report;
  const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((status) => report.count(status));
  const result = { context, passed, failed, skipped, checks, figures };
  process.stdout.write(`${json ? JSON.stringify(result) : renderReport(report)}\n`);
  return failed === 0;
}

async function deleteRemaining(dist: string): Promise<void> {
  if ((await existingObjects(dist)).length === 0) return;
  print('Deleting the remaining objects');
  await deleteDist(dist);
}

/** Aborts the scenario on SIGINT or SIGTERM and lets it clean up; a second signal exits at once. */
function stopBySignal() {
  const controller = new AbortController();
  let reason: string | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      reason = `stopped by ${name}`;
      print(`Stopped by ${name}: cleaning up; repeat to exit without cleanup`);
      controller.abort(new Error(reason));
    });
  }
  return { signal: controller.signal, stopped: () => reason };
}

const program = new Command('npm run e2e --')
  .description(
    'Runs the end-to-end test on the cluster of the current kubectl context, and deletes the stack. Four minutes.',
  )
  .option('-y, --yes', 'do not ask before changing the cluster')
  .option('--keep', 'keep the stack in the cluster, and skip the check of its deletion')
  .option('--json', 'print the result as one line of JSON: context, counts, checks, figures')
  .option('--dist <folder>', 'folder with the manifests', 'dist')
  .addHelpText(
    'after',
    '\nExit code: 0, or 1 if a check failed. Checks that the cluster does not support are skipped.',
  );

program.parse();
main(program.opts<Options>()).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  },
);
