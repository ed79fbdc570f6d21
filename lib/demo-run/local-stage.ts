import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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
import type { OnProgress, Stage } from './stage';

/** The flooded pod, and how its log is written. */
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
  /** Lets the floods begin; until then nothing is logged. */
  startFlood(): Flood[];
  /** Ends everything that runs, and removes what it wrote. */
  stop(): Promise<void>;
}

/** The web service of the demo, as its container's log says it. */
export const WEBSERVICE: LocalPod = {
  namespace: 'demo',
  name: 'webservice-local',
  app: 'webservice',
  container: 'webservice',
  uid: '00000000-0000-4000-8000-000000000001',
};

/**
 * Runs the configurations that stand in dist as processes of this machine: Loki, Alertmanager, Promtail, and a sink in
 * place of Slack. Only addresses, paths and the discovery of pods differ from the cluster.
 * @throws if an engine can't be found or started; what was started before is stopped again
 */
export async function startLocalStage(
  manifests: readonly Manifest[],
  floods: readonly LocalFlood[],
  tell: OnProgress,
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
        progress: tell,
      }),
    );
    tell(`Alertmanager ${alertmanager.engine.version} runs at ${alertmanager.url}`);
    const loki = keep(
      await startLoki(({ dir }) => localLokiConfig(manifests, dir, alertmanager.url), {
        files: localLokiFiles(manifests),
        progress: tell,
      }),
    );
    tell(`Loki ${loki.engine.version} runs at ${loki.url}`);
    const promtail = keep(
      await startPromtail(
        ({ dir }) => {
          const podLogs = join(dir, 'pods');
          mkdirSync(podLogs);
          const pods = floods.map(({ pod }) => pod);
          return localPromtailConfig(manifests, { dir, podLogs, lokiUrl: loki.url }, pods);
        },
        { progress: tell },
      ),
    );
    tell(`Promtail ${promtail.engine.version} runs at ${promtail.url}`);

    const begun: Flood[] = [];
    const stopFlood = async () => {
      for (const flood of begun) flood.stop();
    };
    keep({ stop: stopFlood });
    return {
      name: 'local processes',
      lokiUrl: loki.url,
      alertmanagerUrl: alertmanager.url,
      engines: [loki, alertmanager, promtail],
      startFlood: () => {
        for (const { pod, rate, format } of floods) {
          begun.push(startFlood(join(promtail.dir, 'pods', logFile(pod)), rate, format));
        }
        return begun;
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
