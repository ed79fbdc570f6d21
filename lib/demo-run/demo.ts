import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { OnProgress } from '../engines';
import { type Manifest, namespaceOf, readDist } from '../kubernetes-objects/dist';
import { applyDist, clusterStage, deleteDist } from './cluster-stage';
import { ask, confirm } from './confirm';
import { findCluster } from './kubectl';
import { startLocalStage, WEBSERVICE } from './local-stage';
import { renderSlackMessage, type SlackMessage } from './slack-message';
import type { Stage } from './stage';
import { waitForMessage } from './wait';

interface Options {
  readonly local?: boolean;
  readonly yes?: boolean;
  readonly stopFlood?: boolean;
  readonly down?: boolean;
  readonly format: 'text' | 'json';
  readonly dist?: string;
}

/** Twice the time that the alert normally takes; image pulls are not included. */
const MESSAGE_TIMEOUT_MS = 240_000;

/** Lines per second of the local flood; the same rate as the demo's client. */
const FLOOD_RATE = 120;

/** Folder that `npm run synth` writes. */
const DIST = 'dist';

/** Exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const started = Date.now();

/** Prints progress to stderr, with the time since the start, so that stdout only has the messages. */
const print: OnProgress = (line) =>
  process.stderr.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}\n`);

async function demo(options: Options): Promise<void> {
  requireCompatible(options);
  const show = options.format === 'json' ? showJson : showText;
  const cluster = options.local ? { reason: '--local is set' } : await findCluster();
  if ('reason' in cluster) {
    if (options.down || options.stopFlood) throw new Error(`no cluster: ${cluster.reason}`);
    print(`Running as local processes: ${cluster.reason}`);
    return runLocally(options, show);
  }
  const { context } = cluster;
  if (options.down) return deleteDemo(context, options);
  if (options.stopFlood) {
    const manifests = readDist(options.dist ?? DIST);
    requireInbox(manifests);
    if (!options.yes) await confirm(`Scale the log spammer to 0 in the cluster of context '${context}'?`);
    return onCluster(context, manifests, (stage) => resolved(stage, show));
  }
  const { dist, manifests } = manifestsOf(options);
  requireInbox(manifests);
  if (!options.yes) await confirm(`Apply ${dist} to the cluster of context '${context}'?`);
  await applyDist(dist, manifests, print);
  await onCluster(context, manifests, async (stage) => show(await firing(stage, 0)));
  printNextSteps(manifests);
}

/** @throws if options exclude each other */
function requireCompatible({ local, down, stopFlood }: Options): void {
  if (down && stopFlood) throw new Error('--stop-flood has no effect together with --down: pass one of them');
  if (!local || !(down || stopFlood)) return;
  const what = down ? '--down' : '--stop-flood';
  throw new Error(
    `${what} is only supported in a cluster: with --local, Enter stops the flood, and everything ends with the command`,
  );
}

/** Checks for the slack-inbox. @throws if messages go to a real Slack, where this program can't read them */
function requireInbox(manifests: readonly Manifest[]): void {
  if (manifests.some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'slack-inbox')) return;
  throw new Error(
    "the manifests have no slack-inbox, so messages can't be shown here: run 'kubectl apply', and check Slack",
  );
}

async function onCluster(
  context: string,
  manifests: readonly Manifest[],
  action: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await clusterStage(context, manifests);
  try {
    await action(stage);
  } finally {
    stage.stop();
  }
}

async function runLocally(options: Options, show: Show): Promise<void> {
  const { manifests } = manifestsOf(options);
  const stage = await startLocalStage(manifests, [{ pod: WEBSERVICE, format: 'cri', rate: FLOOD_RATE }], print);
  try {
    stage.startFlood();
    print(`The web service logs ${FLOOD_RATE} lines/s`);
    show(await firing(stage, started));
    print(`The alert in Alertmanager: ${stage.alertmanagerUrl}/api/v2/alerts`);
    print('The links in the message lead to Grafana, which only runs in a cluster');
    if (process.stdin.isTTY && !options.yes) await ask('Press Enter to stop the flood ');
    await resolved(stage, show);
  } finally {
    await stage.stop();
  }
}

async function firing(stage: Stage, since: number): Promise<SlackMessage> {
  print('Waiting for the alert, about 90 s');
  return waitForMessage(stage, 'FIRING', { since, timeoutMs: MESSAGE_TIMEOUT_MS, onProgress: print });
}

async function resolved(stage: Stage, show: Show): Promise<void> {
  const since = Date.now();
  await stage.stopFlood();
  print('Stopped the flood; waiting for the resolved message, about a minute');
  show(await waitForMessage(stage, 'RESOLVED', { since, timeoutMs: MESSAGE_TIMEOUT_MS, onProgress: print }));
}

async function deleteDemo(context: string, options: Options): Promise<void> {
  const { dist = DIST } = options;
  readDist(dist);
  if (!options.yes) await confirm(`Delete the objects in ${dist} from the cluster of context '${context}'?`);
  print('Deleting, about 30 s');
  await deleteDist(dist);
  print('Deleted');
}

/** Returns the manifests of the folder that is named, or else those that the app writes now. */
function manifestsOf({ dist }: Options): { readonly dist: string; readonly manifests: readonly Manifest[] } {
  if (dist === undefined) synthesize();
  return { dist: dist ?? DIST, manifests: readDist(dist ?? DIST) };
}

/** Synthesizes the manifests like `npm run synth`. @throws if that fails, after its output */
function synthesize(): void {
  const scripts = join(__dirname, '..', '..', 'scripts');
  const { status } = spawnSync(process.execPath, [join(scripts, 'run.js'), join(scripts, 'synth.ts'), process.cwd()], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('synthesis failed');
  print(`Synthesized ${DIST}`);
}

type Show = (message: SlackMessage) => void;

const showText: Show = (message) => process.stdout.write(`\n${renderSlackMessage(message)}\n\n`);
const showJson: Show = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function printNextSteps(manifests: readonly Manifest[]): void {
  const namespace = namespaceOf(manifests, 'Service', 'grafana');
  process.stderr.write(`
Grafana        kubectl -n ${namespace} port-forward service/grafana 3000        then http://localhost:3000
Alertmanager   kubectl -n ${namespace} port-forward service/alertmanager 9093   then http://localhost:9093
Stop the flood npm run demo -- --stop-flood
Remove all     npm run demo -- --down
`);
}

const program = new Command('npm run demo --')
  .description(
    'Runs the demo: synthesizes and applies the manifests, waits for the alert, and shows the Slack message.',
  )
  .option('--local', 'run as processes on this machine instead of in a cluster')
  .option('-y, --yes', 'do not ask before changing the cluster of the current kubectl context')
  .option('--stop-flood', 'stop the flood and wait for the resolved message')
  .option('--down', 'delete the demo')
  .addOption(
    new Option('--format <format>', 'json prints each message as one line: time, channel, title, text')
      .choices(['text', 'json'])
      .default('text'),
  )
  .option('--dist <folder>', 'use the manifests in this folder as they are (default: synthesize dist)')
  .addHelpText('after', '\nIf kubectl reaches no cluster, --local is implied.\nExit code: 0, or 1 on failure.');

program.parse();
demo(program.opts<Options>()).then(
  () => process.exit(0),
  (error: Error) => {
    // Ctrl-C at a question.
    if (error.name === 'AbortError') process.exit(INTERRUPTED);
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(1);
  },
);
