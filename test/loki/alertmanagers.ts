import { parse } from 'yaml';
import { localTemplates, relocate } from '../../lib/demo-run/local-configs';
import { type RunningEngine, startAlertmanager } from '../../lib/engines';
import { freePorts, LOOPBACK } from '../../lib/engines/ports';
import { configData, type Manifest } from '../../lib/kubernetes-objects/dist';

/** Number of Alertmanagers, as in production. */
const COUNT = 3;

/** Path of the heartbeat in the sink. */
export const HEARTBEAT_PATH = '/heartbeat';

/**
 * Starts a cluster of Alertmanagers with the configuration of the manifests. Messages go to the sink instead of Slack,
 * with short timers: otherwise a second message would be sent after the end of the test.
 */
export async function startAlertmanagers(manifests: readonly Manifest[], slackUrl: string): Promise<RunningEngine[]> {
  const config = parse(configData(manifests, 'alertmanager-config')['alertmanager.yml'] ?? '');
  const withShortTimers = { ...config, route: { ...config.route, group_wait: '5s', group_interval: '15s' } };
  const gossip = await freePorts(COUNT);
  const peers = gossip.map((port) => `--cluster.peer=${LOOPBACK}:${port}`);
  return Promise.all(
    gossip.map((port) =>
      startAlertmanager(({ dir }) => relocate(withShortTimers, { '/etc/alertmanager': dir }), {
        files: {
          ...localTemplates(manifests),
          'secrets/slack-webhook/url': slackUrl,
          'secrets/heartbeat/url': slackUrl + HEARTBEAT_PATH,
        },
        args: [
          `--cluster.listen-address=${LOOPBACK}:${port}`,
          `--cluster.advertise-address=${LOOPBACK}:${port}`,
          ...peers,
        ],
      }),
    ),
  );
}
