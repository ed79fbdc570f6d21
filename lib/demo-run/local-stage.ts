import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../engines';
import { type RunningEngine, startAlertmanager, startLoki, startPromtail, startWebhookSink } from '../engines';
import type { Manifest } from '../kubernetes-objects/dist';
import { type Flood, type LogFormat, startFlood } from './flood';
import {
  type LocalPod,
  localAlertmanagerConfig,
  localLokiConfig,
  localLokiFiles,
  localPromtailConfig,
  localTemplates,
  logFile,
} from './local-configs';
import { readSlackMessage } from './slack-message';
import type { Stage } from './stage';

/** A flooded pod and the format of its log. */
export interface LocalFlood {
  readonly pod: LocalPod;
  readonly format: LogFormat;
  /** Lines per second. */
  readonly rate: number;
}

export interface LocalStage extends Stage {
  readonly alertmanagerUrl: string;
  /** Loki, Alertmanager and Promtail. */
  readonly engines: readonly RunningEngine[];
  /** Starts the floods; until then nothing is logged. */
  startFlood(): Flood[];
  /** Stops all processes and removes their files. */
  stop(): Promise<void>;
}

/** The web service of the demo. */
export const WEBSERVICE: LocalPod = {
  namespace: 'demo',
  name: 'webservice-local',
  app: 'webservice',
  container: 'webservice',
  uid: '00000000-0000-4000-8000-000000000001',
};

/**
 * Runs the configurations in `dist` as processes on this machine: Loki, Alertmanager, Promtail, and a sink in place of
 * Slack. Only addresses, paths and service discovery differ from the cluster.
 * @throws if an engine can't be found or started, after stopping the others
 */
export async function startLocalStage(
  manifests: readonly Manifest[],
  floods: readonly LocalFlood[],
  onProgress: OnProgress,
): Promise<LocalStage> {
  const running: { stop(): unknown }[] = [];
  const stop = async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  };
  const keep = <T extends { stop(): unknown }>(each: T): T => {
    running.push(each);
    return each;
  };
  try {
    const sink = await startWebhookSink();
    keep({ stop: () => sink.close() });
    const alertmanager = keep(
      await startAlertmanager(({ dir }) => localAlertmanagerConfig(manifests, dir, sink.url), {
        files: localTemplates(manifests),
        progress: onProgress,
      }),
    );
    onProgress(`Alertmanager ${alertmanager.engine.version} listens on ${alertmanager.url}`);
    const loki = keep(
      await startLoki(({ dir }) => localLokiConfig(manifests, dir, alertmanager.url), {
        files: localLokiFiles(manifests),
        progress: onProgress,
      }),
    );
    onProgress(`Loki ${loki.engine.version} listens on ${loki.url}`);
    const promtail = keep(
      await startPromtail(
        ({ dir }) => {
          const podLogs = join(dir, 'pods');
          mkdirSync(podLogs);
          const pods = floods.map(({ pod }) => pod);
          return localPromtailConfig(manifests, { dir, podLogs, lokiUrl: loki.url }, pods);
        },
        { progress: onProgress },
      ),
    );
    onProgress(`Promtail ${promtail.engine.version} listens on ${promtail.url}`);

    const active: Flood[] = [];
    const stopFlood = async () => {
      for (const flood of active) flood.stop();
    };
    keep({ stop: stopFlood });
    return {
      name: 'local processes',
      lokiUrl: loki.url,
      alertmanagerUrl: alertmanager.url,
      engines: [loki, alertmanager, promtail],
      startFlood: () => {
        for (const { pod, rate, format } of floods) {
          active.push(startFlood(join(promtail.dir, 'pods', logFile(pod)), rate, format));
        }
        return active;
      },
      stopFlood,
      messages: async () => sink.requests.map(({ body, time }) => readSlackMessage(body, time)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
