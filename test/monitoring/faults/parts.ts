import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { localAlertmanagerConfig, localTemplates } from '../../../lib/demo-run/local-configs';
import { startAlertmanager } from '../../../lib/engines';
import { LOOPBACK } from '../../../lib/engines/ports';
import { configData } from '../../../lib/kubernetes-objects/dist';
import { EVERYTHING, synthObjects } from '../../manifests/synth';
import { alertsOf, type Collector, FAULTY, manifestsWith, RULES_PATH, Stage } from './stage';
import { TcpProxy } from './tcp-proxy';
import { TimeLapse } from './time-lapse';

// Faults in components of the pipeline.

const BROKEN_RULES = 'groups: [';

export async function volumeFull(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector, disk: '64Mi' });
  await stage.untilArrived('quiet', 5);
  const { size } = stage.loki.usage('/loki');
  const filler = stage.loki.path('/loki/filler');
  writeFileSync(filler, Buffer.alloc(Math.floor(0.92 * size) - stage.loki.usage('/loki').used));
  stage.recover = async () => writeFileSync(filler, '');
  return stage;
}

export async function lokiUnreachable(collector: Collector): Promise<Stage> {
  const proxy = new TcpProxy();
  const stage = await Stage.start({ collector, proxy });
  await stage.untilArrived('quiet', 5);
  proxy.cut();
  stage.recover = async () => proxy.restore();
  return stage;
}

export async function queueFull(): Promise<Stage> {
  const proxy = new TcpProxy();
  const stage = await Stage.start({
    collector: 'opentelemetry',
    proxy,
    tweak: ({ exporters }) => {
      // Far smaller than the real one, so that it is full at once.
      const queue = exporters.otlp_http.sending_queue;
      queue.queue_size = 64 * 1024;
      queue.batch = { flush_timeout: '1s', min_size: 16 * 1024, max_size: 32 * 1024 };
    },
  });
  await stage.untilArrived('quiet', 5);
  proxy.cut();
  stage.log(
    FAULTY,
    Array.from({ length: 5000 }, (_, i) => `${i} `.padEnd(100, 'x')),
  );
  stage.recover = async () => proxy.restore();
  return stage;
}

export async function collectorDown(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  const second = await stage.startSecondCollector();
  await stage.untilArrived('quiet', 5);
  await second.stop();
  return stage;
}

export async function lokiDown(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  await stage.untilArrived('quiet', 5);
  await stage.loki.kill();
  stage.recover = () => stage.loki.restart();
  return stage;
}

export async function ruleFileBroken(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  await stage.untilArrived('quiet', 5);
  stage.loki.update(RULES_PATH, { 'pipeline.yaml': BROKEN_RULES });
  return stage;
}

export async function rulesNotLoaded(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  stage.loki.update(RULES_PATH, { 'pipeline.yaml': BROKEN_RULES });
  await stage.loki.restart();
  return stage;
}

export async function evaluationsFail(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  // Loki loads an alert whose expression returns lines instead of a number, which `check` rejects.
  const rule = { alert: 'Fails', expr: '{app="quiet"}' };
  stage.loki.update(RULES_PATH, { 'pipeline.yaml': stringify({ groups: [{ name: 'fails', rules: [rule] }] }) });
  return stage;
}

export async function storageDown(collector: Collector): Promise<Stage> {
  return Stage.start({
    collector,
    loki: (config) => {
      // The storage of a distributed Loki.
      const { storage_config, schema_config, ruler_storage } = parse(
        configData(synthObjects(EVERYTHING), 'loki-config')['config.yaml'] ?? '',
      );
      storage_config.object_store.s3.endpoint = `${LOOPBACK}:9`;
      storage_config.object_store.s3.insecure = true;
      Object.assign(config, {
        storage_config: { use_thanos_objstore: true, object_store: storage_config.object_store },
        schema_config,
        ruler_storage,
      });
      // The compactor reads the storage at its start.
      config.compactor.retention_enabled = false;
      delete config.compactor.delete_request_store;
      delete config.common.storage;
      config.ingester.chunk_idle_period = '2s';
      config.ingester.flush_check_period = '1s';
      config.ingester.flush_op_backoff = { min_period: '1s', max_period: '1s' };
    },
    env: { AWS_ACCESS_KEY_ID: 'invalid', AWS_SECRET_ACCESS_KEY: 'invalid' },
  });
}

/** An Alertmanager with a deleted webhook, without Loki or a collector. */
export async function cannotNotify() {
  const manifests = manifestsWith('promtail');
  const server = createServer((_, response) => response.writeHead(404).end('no_service'));
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const inbox = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  const alertmanager = await startAlertmanager(({ dir }) => localAlertmanagerConfig(manifests, dir, inbox), {
    files: localTemplates(manifests),
  });
  const lapse = new TimeLapse(
    [{ namespace: 'logging', job: 'alertmanager', pod: 'alertmanager-0', url: alertmanager.url }],
    alertsOf(manifests),
  );
  // Prometheus scrapes the counters before the first notification.
  await sleep(2000);
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'Any', severity: 'critical' } }]),
  });
  return {
    lapse,
    stop: async () => {
      await lapse.stop();
      await alertmanager.stop();
      server.close();
    },
  };
}
