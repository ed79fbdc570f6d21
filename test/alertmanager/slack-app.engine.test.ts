import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { slackReceiver } from '../../lib/alertmanager/slack';
import { ensureEngines, type RunningEngine } from '../../lib/engines';
import { freePorts, LOOPBACK } from '../../lib/engines/ports';
import { tempFolder } from '../support/temp-folder';
import { type AppOptions, CHANNEL, PRIVATE, SlackStandIn, send, startWithSlack } from './slack-app';

const POST = 'chat.postMessage';
const UPDATE = 'chat.update';
const FIRING = ':fire: [FIRING] High log rate';
const RESOLVED = ':white_check_mark: [RESOLVED] High log rate';

let slack: SlackStandIn;
const running: RunningEngine[] = [];

beforeAll(() => ensureEngines(['alertmanager']));
beforeEach(async () => {
  slack = await SlackStandIn.start();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
  await slack.close();
});

const app = { name: 'slack', tokenSecret: 'slack-app', channel: CHANNEL } as const;

async function start(receiver = slackReceiver({ ...app, updates: 'edit' }), options: AppOptions = {}) {
  const engine = await startWithSlack([receiver], slack, options);
  running.push(engine);
  return engine;
}

/** An incident: an alert fires, another one joins its group, both are resolved. Then the first one fires again. */
async function incidents(alertmanager: RunningEngine, callsOfUpdate = 1): Promise<void> {
  await send([alertmanager], { shop: true });
  await slack.waitForCalls(1);
  await send([alertmanager], { shop: true, cart: true });
  await slack.waitForCalls(1 + callsOfUpdate);
  await send([alertmanager], { shop: false, cart: false });
  await slack.waitForCalls(1 + 2 * callsOfUpdate);
  await send([alertmanager], { shop: true });
  await slack.waitForCalls(2 + 2 * callsOfUpdate);
}

test('edit: one message for each incident, which shows its state', async () => {
  await incidents(await start());

  expect(slack.calls).toEqual([POST, UPDATE, UPDATE, POST]);
  expect(slack.channel).toEqual([`${RESOLVED} (edited)`, FIRING]);
  expect(slack.api.messages[0]?.content.attachments?.[0]?.text).toContain('`cart`');
});

test('thread: the message of an incident stays, and its updates are replies', async () => {
  await incidents(await start(slackReceiver({ ...app, updates: 'thread' })));

  expect(slack.calls).toEqual([POST, POST, POST, POST]);
  expect(slack.channel).toEqual([FIRING, `↳ ${FIRING}`, `↳ ${RESOLVED}`, FIRING]);
});

test('post: every message is a new one', async () => {
  await incidents(await start(slackReceiver(app)));

  expect(slack.calls).toEqual([POST, POST, POST, POST]);
  expect(slack.channel).toEqual([FIRING, FIRING, RESOLVED, FIRING]);
});

test('both options of Alertmanager: the message is edited, and its updates are replies too', async () => {
  const { name, slack_configs = [] } = slackReceiver({ ...app, updates: 'edit' });
  const both = slack_configs.map((config) => ({ ...config, post_updates_to_thread: true }));
  await incidents(await start({ name, slack_configs: both }), 2);

  expect(slack.calls).toEqual([POST, UPDATE, POST, UPDATE, POST, POST]);
  expect(slack.channel).toEqual([`${RESOLVED} (edited)`, `↳ ${FIRING}`, `↳ ${RESOLVED}`, FIRING]);
});

test('a reminder is an edit too', async () => {
  await send([await start(undefined, { route: { repeat_interval: '1s' } })], { shop: true });
  await slack.waitForCalls(3);

  expect(slack.calls.slice(0, 3)).toEqual([POST, UPDATE, UPDATE]);
  expect(slack.channel).toEqual([`${FIRING} (edited)`]);
});

test('without send_resolved, an edited message stays firing', async () => {
  const { name, slack_configs = [] } = slackReceiver({ ...app, updates: 'edit' });
  const alertmanager = await start({
    name,
    slack_configs: slack_configs.map((each) => ({ ...each, send_resolved: false })),
  });
  await send([alertmanager], { shop: true });
  await slack.waitForCalls(1);
  await send([alertmanager], { shop: false });

  expect(await slack.waitForCalls(1)).toEqual([POST]);
  expect(slack.channel).toEqual([FIRING]);
});

describe('restarts of Alertmanager', () => {
  const folder = tempFolder();

  /** Time that a replica waits for each one before it; the interval of a group is longer, as by default. */
  const PEER_TIMEOUT_MS = 500;
  const route = { group_interval: '4s' };

  test('after a shutdown, the message of before is edited', async () => {
    const before = await start(undefined, { dir: folder.path });
    await send([before], { shop: true });
    await slack.waitForCalls(1);
    await before.stop();
    await send([await start(undefined, { dir: folder.path })], { shop: false });
    await slack.waitForCalls(2);

    expect(slack.calls).toEqual([POST, UPDATE]);
    expect(slack.channel).toEqual([`${RESOLVED} (edited)`]);
  });

  test('after a crash, the messages since the last snapshot are not known', async () => {
    const before = await start(undefined, { dir: folder.path });
    await send([before], { shop: true });
    await slack.waitForCalls(1);
    process.kill(before.pid, 'SIGKILL');
    await before.exited;
    const after = await start(undefined, { dir: folder.path });
    await send([after], { shop: true });
    await slack.waitForCalls(2);
    await send([after], { shop: false });
    await slack.waitForCalls(3);

    expect(slack.calls).toEqual([POST, POST, UPDATE]);
    expect(slack.channel).toEqual([FIRING, `${RESOLVED} (edited)`]);
  });

  test('in a cluster, another replica edits the message of one that crashed', async () => {
    const ports = await freePorts(3);
    const args = (port: number | undefined) => [
      `--cluster.listen-address=${LOOPBACK}:${port}`,
      `--cluster.advertise-address=${LOOPBACK}:${port}`,
      ...ports.map((peer) => `--cluster.peer=${LOOPBACK}:${peer}`),
      '--cluster.settle-timeout=5s',
      `--cluster.peer-timeout=${PEER_TIMEOUT_MS}ms`,
    ];
    const replicas = await Promise.all(ports.map((port) => start(undefined, { route, args: args(port) })));
    await send(replicas, { shop: true });
    await slack.waitForCalls(1);
    // The first peer by name sends; the names are random.
    const position = async ({ url }: RunningEngine) =>
      Number(/^alertmanager_peer_position (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
    const positions = await Promise.all(replicas.map(position));
    const sender = replicas[positions.indexOf(0)] as RunningEngine;
    const others = replicas.filter((each) => each !== sender);
    process.kill(sender.pid, 'SIGKILL');
    await sender.exited;
    await send(others, { shop: false });
    await slack.waitForCalls(2);
    // The last replica would send if it did not know of the edit.
    await sleep(2 * PEER_TIMEOUT_MS);

    expect(positions.sort()).toEqual([0, 1, 2]);
    expect(slack.calls).toEqual([POST, UPDATE]);
    expect(slack.channel).toEqual([`${RESOLVED} (edited)`]);
  });
});

describe('failures', () => {
  const FAILED = /level=ERROR .*msg="Notify failed"/;

  test('an error of Slack is logged, and the message is sent again at the next interval of the group', async () => {
    const alertmanager = await start();
    slack.api.failNext('is_archived');
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(2);

    expect(slack.calls).toEqual([POST, POST]);
    expect(slack.channel).toEqual([FIRING]);
    expect(alertmanager.logs()).toMatch(FAILED);
    expect(alertmanager.logs()).toContain(`channel \\"${CHANNEL}\\": error response from Slack: is_archived`);
  });

  test.each([
    ['the app is not a member of the channel', slackReceiver({ ...app, channel: PRIVATE }), {}, 'not_in_channel'],
    ['the channel does not exist', slackReceiver({ ...app, channel: '#nowhere' }), {}, 'channel_not_found'],
    ['the token is invalid', slackReceiver(app), { token: 'xoxb-0-other' }, 'invalid_auth'],
  ] as const)('%s: nothing is sent, and the reason is in the log', async (_, receiver, options, error) => {
    const alertmanager = await start(receiver, options);
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(2);

    expect(slack.channel).toEqual([]);
    expect(alertmanager.logs()).toContain(`error response from Slack: ${error}`);
    expect(alertmanager.logs()).not.toContain('xoxb-');
  });

  test('a rate limit delays the message', async () => {
    const alertmanager = await start(undefined, { route: { group_interval: '10s' } });
    slack.api.limitNext(2);
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(2);
    const [limited, repeated] = slack.sink.requests;

    expect(slack.channel).toEqual([FIRING]);
    expect((repeated?.time ?? 0) - (limited?.time ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(alertmanager.logs()).toContain('Rate limited by Slack, delaying retry');
  });

  test('a Secret without the key: nothing is sent until it has it, without a restart', async () => {
    const alertmanager = await start(undefined, { key: 'tokn', route: { group_interval: '5s' } });
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(0);

    expect(slack.calls).toEqual([]);
    expect(alertmanager.logs()).toMatch(/secrets\/slack-app\/token: no such file or directory/);

    writeFileSync(join(alertmanager.dir, 'secrets/slack-app/token'), 'xoxb-0-test');
    await slack.waitForCalls(1);

    expect(slack.channel).toEqual([FIRING]);
  });

  test('edit: after its message was deleted, an incident has none until the log entry expires', async () => {
    const alertmanager = await start(undefined, {
      route: { repeat_interval: '3s' },
      args: ['--data.maintenance-interval=1s'],
    });
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(1);
    slack.api.delete(slack.api.messages[0]?.ts ?? '');
    await send([alertmanager], { shop: true, cart: true });
    await slack.waitForCalls(2);

    expect(slack.calls.slice(0, 2)).toEqual([POST, UPDATE]);
    expect(slack.channel).toEqual([]);
    expect(alertmanager.logs()).toContain('error response from Slack: message_not_found');

    await slack.sink.waitFor(
      ({ path, time }) => path.endsWith(POST) && time > (slack.sink.requests[1]?.time ?? 0),
      20_000,
    );

    expect(slack.channel[0]).toContain(FIRING);
  });

  test('thread: after its message was deleted, updates are in the channel', async () => {
    const alertmanager = await start(slackReceiver({ ...app, updates: 'thread' }));
    await send([alertmanager], { shop: true });
    await slack.waitForCalls(1);
    slack.api.delete(slack.api.messages[0]?.ts ?? '');
    await send([alertmanager], { shop: false });
    await slack.waitForCalls(2);

    expect(slack.channel).toEqual([RESOLVED]);
  });
});
