import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Manifest, namespaceOf, readDist } from '../kubernetes-objects/dist';
import { applyDist, clusterStage, deleteDist } from './cluster-stage';
import { ask, confirm } from './confirm';
import { findCluster } from './kubectl';
import { startLocalStage, WEBSERVICE } from './local-stage';
import { renderSlackMessage, type SlackMessage } from './slack-message';
import type { OnProgress, Stage } from './stage';
import { waitForMessage } from './wait';

interface Options {
  readonly local?: boolean;
  readonly yes?: boolean;
  readonly stopFlood?: boolean;
  readonly down?: boolean;
  readonly json?: boolean;
  readonly dist: string;
}

/** Twice the time that the alert takes when all goes well, and image pulls have been waited for before. */
const MESSAGE_TIMEOUT_MS = 240_000;

/** Lines per second of the local flood; that of the demo's client. */
const FLOOD_RATE = 120;

const started = Date.now();

/** Progress goes to stderr, with the time since the start, so that stdout holds the messages alone. */
const tell: OnProgress = (line) =>
  process.stderr.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}\n`);

async function demo(options: Options): Promise<void> {
  const show = options.json ? showJson : showText;
  const cluster = options.local ? { reason: 'asked for by --local' } : await findCluster();
  if ('reason' in cluster) {
    if (options.down || (options.stopFlood && !options.local)) throw new Error(`no cluster: ${cluster.reason}`);
    tell(`Runs as local processes: ${cluster.reason}`);
    return localStory(options, show);
  }
  const { context } = cluster;
  if (options.down) return takeDown(context, options);
  if (options.stopFlood) {
    const manifests = readDist(options.dist);
    requireInbox(manifests);
    if (!options.yes) await confirm(`Scale the log spammer to 0 in the cluster of context '${context}'?`);
    return onCluster(context, manifests, (stage) => resolved(stage, show));
  }
  const manifests = readDist(synthesized(options.dist));
  requireInbox(manifests);
  if (!options.yes) await confirm(`Apply ${options.dist} to the cluster of context '${context}'?`);
  await applyDist(options.dist, manifests, tell);
  await onCluster(context, manifests, async (stage) => show(await firing(stage, 0)));
  printWays(manifests);
}

/** @throws if messages go to a real Slack, where this program can't read them */
function requireInbox(manifests: readonly Manifest[]): void {
  if (manifests.some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'slack-inbox')) return;
  throw new Error(
    "these manifests have no slack-inbox, so the messages can't be shown here: apply them by kubectl apply, and look into Slack",
  );
}

async function onCluster(
  context: string,
  manifests: readonly Manifest[],
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await clusterStage(context, manifests);
  try {
    await play(stage);
  } finally {
    stage.stop();
  }
}

async function localStory(options: Options, show: Show): Promise<void> {
  const manifests = readDist(synthesized(options.dist));
  const stage = await startLocalStage(manifests, [{ pod: WEBSERVICE, format: 'cri', rate: FLOOD_RATE }], tell);
  try {
    stage.startFlood();
    tell(`The web service logs ${FLOOD_RATE} lines/s`);
    show(await firing(stage, started));
    tell(`Alertmanager shows it too: ${stage.alertmanagerUrl}/api/v2/alerts`);
    if (process.stdin.isTTY && !options.yes) await ask('Press Enter to stop the flood ');
    await resolved(stage, show);
  } finally {
    await stage.stop();
  }
}

async function firing(stage: Stage, since: number): Promise<SlackMessage> {
  tell('Waiting for the alert, about a minute and a half');
  return waitForMessage(stage, 'FIRING', { since, timeoutMs: MESSAGE_TIMEOUT_MS, tell });
}

async function resolved(stage: Stage, show: Show): Promise<void> {
  const since = Date.now();
  await stage.stopFlood();
  tell('The flood is stopped; waiting for the resolved message, about a minute');
  show(await waitForMessage(stage, 'RESOLVED', { since, timeoutMs: MESSAGE_TIMEOUT_MS, tell }));
}

async function takeDown(context: string, options: Options): Promise<void> {
  if (!options.yes) await confirm(`Delete what ${options.dist} holds from the cluster of context '${context}'?`);
  tell('Deleting; namespaces take half a minute');
  await deleteDist(options.dist);
  tell('All gone');
}

/** Synthesizes as `npm run synth` does. @throws if that fails; the reason was printed */
function synthesized(dist: string): string {
  const scripts = join(__dirname, '..', '..', 'scripts');
  const { status } = spawnSync(process.execPath, [join(scripts, 'run.js'), join(scripts, 'synth.ts'), process.cwd()], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the synthesis failed');
  tell(`Synthesized ${dist}`);
  return dist;
}

type Show = (message: SlackMessage) => void;

const showText: Show = (message) => process.stdout.write(`\n${renderSlackMessage(message)}\n\n`);
const showJson: Show = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function printWays(manifests: readonly Manifest[]): void {
  const namespace = namespaceOf(manifests, 'Service', 'grafana');
  process.stderr.write(`
Grafana        kubectl -n ${namespace} port-forward service/grafana 3000        then http://localhost:3000
Alertmanager   kubectl -n ${namespace} port-forward service/alertmanager 9093   then http://localhost:9093
Stop the flood npm run demo -- --stop-flood
Remove all     npm run demo -- --down
`);
}

const program = new Command('npm run demo --')
  .description('The whole story: synthesize, apply, wait for the alert, show the Slack message.')
  .option('--local', 'as processes of this machine instead of in a cluster')
  .option('-y, --yes', 'do not ask before the cluster of the current kubectl context is changed')
  .option('--stop-flood', 'stop the flood and wait for the resolved message')
  .option('--down', 'delete everything again')
  .option('--json', 'print each message as one line of JSON: time, channel, title, text')
  .option('--dist <folder>', 'folder of the manifests', 'dist')
  .addHelpText(
    'after',
    '\nWithout a cluster that kubectl can reach it runs with --local.\nExit code: 0, or 1 if anything failed.',
  );

program.parse();
demo(program.opts<Options>()).then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  },
);
