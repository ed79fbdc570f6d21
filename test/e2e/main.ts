import { Command } from 'commander';
import { deleteDist } from '../../lib/demo-run/cluster-stage';
import { confirm } from '../../lib/demo-run/confirm';
import { findCluster } from '../../lib/demo-run/kubectl';
import type { OnProgress } from '../../lib/demo-run/stage';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { present } from './objects';
import { ProjectCopy } from './project';
import { renderReport, ScenarioReport } from './report';
import { playStory } from './scenario';

interface Options {
  readonly yes?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly dist: string;
}

const started = Date.now();

/** Progress goes to stderr, with the time since the start; the result alone goes to stdout. */
const tell: OnProgress = (line) =>
  process.stderr.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}\n`);

/** @returns whether everything passed */
async function main({ dist, yes, keep, json }: Options): Promise<boolean> {
  const cluster = await findCluster();
  if ('reason' in cluster) throw new Error(`no cluster: ${cluster.reason}`);
  const { context } = cluster;
  const manifests = readDist(dist);
  const found = await present(dist);
  if (found.length > 0) {
    throw new Error(
      `the cluster of context '${context}' already has ${found.slice(0, 3).join(', ')} and more: ` +
        `this test needs one without the stack, and deletes it in the end; 'npm run demo -- --down' deletes it now`,
    );
  }
  if (!yes) await confirm(`Apply ${dist} to the cluster of context '${context}', and delete it in the end?`);

  const { signal, stopped } = stopBySignal();
  const report = new ScenarioReport(tell, signal);
  const project = new ProjectCopy();
  tell(`Applies ${dist} to the cluster of context '${context}'`);
  try {
    await playStory({ dist, manifests, context, project, report, tell, signal, keep });
  } catch (error) {
    // What fails outside of a check ends the story, but not its report.
    report.fail('the story goes on', stopped() ?? (error as Error).message);
  }
  project.remove();
  if (!keep) {
    // The second try is for a Ctrl-C during the first one, which reached kubectl as well.
    await deleteLeft(dist)
      .catch(() => deleteLeft(dist))
      .catch((error) => report.fail('the cluster is left as it was', error.message));
  }
  report.figures['the whole test'] = `${Math.round((Date.now() - started) / 1000)} s`;
  const { checks, figures } = report;
  const [passed, failed, skipped] = (['passed', 'failed', 'skipped'] as const).map((status) => report.count(status));
  const result = { context, passed, failed, skipped, checks, figures };
  process.stdout.write(`${json ? JSON.stringify(result) : renderReport(report)}\n`);
  return failed === 0;
}

async function deleteLeft(dist: string): Promise<void> {
  if ((await present(dist)).length === 0) return;
  tell('Deleting what is left');
  await deleteDist(dist);
}

/** Ctrl-C, or an end asked for by SIGTERM, stops the story and lets it clean up; a second one ends at once. */
function stopBySignal() {
  const controller = new AbortController();
  let reason: string | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      reason = `stopped by ${name}`;
      tell(`Stopped by ${name}: cleaning up; once more ends at once and leaves all as it is`);
      controller.abort(new Error(reason));
    });
  }
  return { signal: controller.signal, stopped: () => reason };
}

const program = new Command('npm run e2e --')
  .description('Asserts the whole story on the cluster of the current kubectl context: four minutes, leaves nothing.')
  .option('-y, --yes', 'do not ask before the cluster is changed')
  .option('--keep', 'leave the stack in the cluster: neither delete it nor check that this leaves nothing')
  .option('--json', 'print the result as one line of JSON: context, counts, checks, figures')
  .option('--dist <folder>', 'folder of the manifests', 'dist')
  .addHelpText(
    'after',
    '\nExit code: 0 if nothing failed, otherwise 1. A check that the cluster can not show is skipped.',
  );

program.parse();
main(program.opts<Options>()).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  },
);
