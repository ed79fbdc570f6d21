import { join } from 'node:path';
import { type ClusterStage, clusterStage } from '../../lib/demo-run/cluster-stage';
import { namespaceOf } from '../../lib/kubernetes-objects/dist';
import { awaitMessage } from './alert';
import { tryFlows } from './flows';
import { applyStrictly, applyTwice, deleteAll, dryRun, rollouts } from './install';
import { stackPods } from './pods';
import { alertGoesOn, nothingIsLost, restartLoki } from './restart';
import { expectedMessage } from './rule';
import { applyEditedRules, brokenRuleIsRefused, ruleIsLive } from './rule-edit';
import { type Run, secondsSince } from './run';
import { labelsAreRight } from './streams';
import { noteUsage, usageNow } from './usage';

/** The alert of the flood. */
const ALERT = 'HighLogRate';

/** From an empty cluster to an empty cluster. Ends early where what would follow says nothing. */
export async function playStory(run: Run): Promise<void> {
  const { report, manifests, context, keep } = run;
  const start = Date.now();
  if (!(await report.check('an empty cluster takes dist at the first try', () => applyStrictly(run)))) return;
  await report.check('a dry run on the server is clean', () => dryRun(run));
  if (!(await report.check('every workload runs', () => rollouts(run)))) return;
  report.figures['apply to last rollout'] = secondsSince(start);

  let stage = await clusterStage(context, manifests);
  try {
    if (!(await untilFiring(run, stage, start))) return;
    stage.stop();
    if (!(await report.check("Loki's pod is deleted and comes back", () => restartLoki(run)))) return;
    stage = await clusterStage(context, manifests);
    await report.check('no line is lost by that', () => nothingIsLost(run, stage, start));
    await report.check('the new Loki finds the flood', () => alertGoesOn(run, stage, ALERT));
    await untilResolved(run, stage);
  } finally {
    stage.stop();
  }
  await report.check('a second apply changes nothing', () => applyTwice(run));
  if (!keep) await report.check('delete leaves nothing', () => deleteAll(run));
}

/** While the alert is on its way there is time for all that needs a flood, but no alert. */
async function untilFiring(run: Run, stage: ClusterStage, start: number): Promise<boolean> {
  const { report, manifests, project, signal } = run;
  const before = await usageNow(run);
  const [fires] = await Promise.allSettled([
    report.check('the flood leads to [FIRING]', async () => {
      const after = await awaitMessage(run, stage, expected(run, 'FIRING'), start);
      report.figures['apply to [FIRING]'] = after;
      return `${after} after the apply`;
    }),
    report.check('only the listed flows pass', async () =>
      tryFlows(await stackPods(), manifests, { file: join(project.folder, 'callers.json'), signal }),
    ),
    editRules(run, stage),
  ]);
  signal.throwIfAborted();
  await noteUsage(run, 'flood', before);
  await report.check('logs have the right labels and no others', () => labelsAreRight(run, stage));
  return fires.status === 'fulfilled' && fires.value;
}

async function editRules(run: Run, stage: ClusterStage): Promise<void> {
  const { report } = run;
  const synthesized = await report.check('an added rule changes ConfigMaps of rules alone', () =>
    applyEditedRules(run),
  );
  await Promise.all([
    report.check('the added rule is live without a restart', async () => {
      if (!synthesized) throw new Error('it was not applied');
      const after = await ruleIsLive(run, stage);
      report.figures['apply of a rule to live'] = after;
      return `${after} after the apply, in the same Loki`;
    }),
    report.check("a broken rule can't be synthesized", () => brokenRuleIsRefused(run)),
  ]);
}

async function untilResolved(run: Run, stage: ClusterStage): Promise<void> {
  const stopped = Date.now();
  await stage.stopFlood();
  const before = await usageNow(run);
  await run.report.check('the stopped flood leads to [RESOLVED]', async () => {
    const after = await awaitMessage(run, stage, expected(run, 'RESOLVED'), stopped);
    run.report.figures['stop to [RESOLVED]'] = after;
    return `${after} after the stop`;
  });
  await noteUsage(run, 'idle', before);
}

function expected({ manifests }: Run, state: 'FIRING' | 'RESOLVED') {
  const namespace = namespaceOf(manifests, 'Deployment', 'webservice');
  return { ...expectedMessage(manifests, ALERT, { namespace, app: 'webservice' }), state };
}
