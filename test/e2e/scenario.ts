import { join } from 'node:path';
import { type ClusterStage, clusterStage } from '../../lib/demo-run/cluster-stage';
import { namespaceOf } from '../../lib/kubernetes-objects/dist';
import { awaitMessage } from './alert';
import { probeFlows } from './flows';
import { applyStrictly, applyTwice, deleteAll, dryRun, rollouts } from './install';
import { stackPods } from './pods';
import { checkAlertFiresAgain, checkNoLinesLost, restartLoki } from './restart';
import { expectedMessage } from './rule';
import { applyEditedRules, checkBrokenRule, waitForRule } from './rule-edit';
import { type Run, secondsSince } from './run';
import { checkLabels } from './streams';
import { currentUsage, recordUsage } from './usage';

/** The alert of the flood. */
const ALERT = 'HighLogRate';

/** Runs from an empty cluster to an empty cluster. Ends early if the remaining checks would be meaningless. */
export async function runScenario(run: Run): Promise<void> {
  const { report, manifests, context, keep } = run;
  const start = Date.now();
  if (!(await report.check('the first apply to an empty cluster succeeds', () => applyStrictly(run)))) return;
  await report.check('a server-side dry run reports no changes', () => dryRun(run));
  if (!(await report.check('all rollouts complete', () => rollouts(run)))) return;
  report.figures['apply to last rollout'] = secondsSince(start);

  let stage = await clusterStage(context, manifests);
  try {
    if (!(await untilFiring(run, stage, start))) return;
    stage.stop();
    if (!(await report.check("Loki's pod restarts after deletion", () => restartLoki(run)))) return;
    stage = await clusterStage(context, manifests);
    await report.check('the restart loses no line', () => checkNoLinesLost(run, stage, start));
    await report.check('the new Loki fires the alert again', () => checkAlertFiresAgain(run, stage, ALERT));
    await untilResolved(run, stage);
  } finally {
    stage.stop();
  }
  await report.check('a second apply changes nothing', () => applyTwice(run));
  if (!keep) await report.check('a delete leaves no objects', () => deleteAll(run));
}

/** Runs all checks that need the flood but no alert while the alert is pending. */
async function untilFiring(run: Run, stage: ClusterStage, start: number): Promise<boolean> {
  const { report, manifests, project, signal } = run;
  const before = await currentUsage(run);
  const [fires] = await Promise.allSettled([
    report.check('the flood sends [FIRING]', async () => {
      const after = await awaitMessage(run, stage, expected(run, 'FIRING'), start);
      report.figures['apply to [FIRING]'] = after;
      return `${after} after the apply`;
    }),
    report.check('only allowed flows work', async () =>
      probeFlows(await stackPods(), manifests, { file: join(project.folder, 'callers.json'), signal }),
    ),
    editRules(run, stage),
  ]);
  signal.throwIfAborted();
  await recordUsage(run, 'flood', before);
  await report.check('logs have exactly the expected labels', () => checkLabels(run, stage));
  return fires.status === 'fulfilled' && fires.value;
}

async function editRules(run: Run, stage: ClusterStage): Promise<void> {
  const { report } = run;
  const synthesized = await report.check('an added rule only changes ConfigMaps of rules', () => applyEditedRules(run));
  await Promise.all([
    report.check('the added rule is loaded without a restart', async () => {
      if (!synthesized) throw new Error('the rule was not applied');
      const after = await waitForRule(run, stage);
      report.figures['apply of a rule to evaluation'] = after;
      return `${after} after the apply, in the same Loki`;
    }),
    report.check('a broken rule fails synthesis', () => checkBrokenRule(run)),
  ]);
}

async function untilResolved(run: Run, stage: ClusterStage): Promise<void> {
  const stopped = Date.now();
  await stage.stopFlood();
  const before = await currentUsage(run);
  await run.report.check('the end of the flood sends [RESOLVED]', async () => {
    const after = await awaitMessage(run, stage, expected(run, 'RESOLVED'), stopped);
    run.report.figures['stop to [RESOLVED]'] = after;
    return `${after} after the stop`;
  });
  await recordUsage(run, 'idle', before);
}

function expected({ manifests }: Run, state: 'FIRING' | 'RESOLVED') {
  const namespace = namespaceOf(manifests, 'Deployment', 'webservice');
  return { ...expectedMessage(manifests, ALERT, { namespace, app: 'webservice' }), state };
}
