import { type ApiObject, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { Autoscaling } from '../kubernetes/autoscaling';
import { ONE_AT_A_TIME } from '../kubernetes/availability';
import { basicAuthEnv } from '../kubernetes/basic-auth';
import { checksumAnnotation } from '../kubernetes/checksum';
import type { Component, Placement } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import { standFor } from '../kubernetes/dependencies';
import { findObject } from '../kubernetes/find-object';
import { componentSelector, labels } from '../kubernetes/labels';
import { podDefaultsOf } from '../kubernetes/namespaced-chart';
import type { Flow } from '../kubernetes/network-policies';
import { withOptions } from '../kubernetes/pod-options';
import { quantityValue } from '../kubernetes/quantity';
import { DEFAULT_EVALUATION_INTERVAL } from '../rules/check-options';
import { type CacheName, cacheAddress, LokiCache } from './cache';
import { DATA_PATH, HTTP_PORT, RULES_PATH, RUNTIME_CONFIG_FILE, RUNTIME_CONFIG_PATH } from './container';
import { distributedLokiConfig } from './distributed-config';
import { distributedFlows } from './distributed-flows';
import { ruleMounts, runtimeConfigMounts } from './files';
import { LokiGateway } from './gateway';
import type { LokiHandle } from './handle';
import { DEFAULT_RETENTION } from './loki';
import { credentialsEnv } from './object-storage';
import type { DistributedLokiProps } from './props';
import { GOSSIP_PORT, GRPC_PORT, INGESTERS, LOG_STORE, LokiTarget, podsName } from './target';
import { LOKI_TARGETS, type LokiTargetName } from './targets';

export const DEFAULT_REPLICATION_FACTOR = 3;

/** Default size of each disk: twice what an ingester with 1 GiB of memory writes in ten minutes at 5 MB/s. */
export const DEFAULT_STORAGE = '10Gi';

/** Name of the objects that all targets share. */
const NAME = 'loki';

/**
 * Loki as microservices on object storage: one workload per target, and a gateway that makes them one datasource.
 */
export class DistributedLoki extends Construct implements LokiHandle {
  readonly pushUrl: string;
  readonly queryUrl: string;
  readonly components: readonly Component[];
  /**
   * Workloads by target; there are several only of ingesters, one per zone.
   * @internal
   */
  readonly targets: Readonly<Record<LokiTargetName, readonly [LokiTarget, ...LokiTarget[]]>>;
  /** @internal */
  readonly gateway: LokiGateway;
  /** @internal */
  readonly caches: Readonly<Partial<Record<CacheName, LokiCache>>>;
  /**
   * All connections between targets, to caches and to object storage.
   * @internal
   */
  readonly flows: readonly Flow[];

  constructor(scope: Construct, props: DistributedLokiProps, placement: Placement = {}) {
    super(scope, placement.id ?? NAME);
    const chart = Chart.of(this);
    const { namespace = '' } = chart;
    const { podDefaults = podDefaultsOf(chart) } = placement;
    const metadata = { labels: labels(NAME, LOG_STORE) };
    const address = (target: LokiTargetName) => `${NAME}-${target}.${namespace}.svc:${GRPC_PORT}`;
    const { chunks, results } = props.caches ?? {};
    this.caches = {
      ...(chunks ? { chunks: new LokiCache(scope, 'chunks', chunks, { podDefaults }) } : {}),
      ...(results ? { results: new LokiCache(scope, 'results', results, { podDefaults }) } : {}),
    };
    const config = distributedLokiConfig({
      ...props,
      caches: {
        chunks: this.caches.chunks && cacheAddress(this.caches.chunks),
        results: this.caches.results && cacheAddress(this.caches.results),
      },
      zones: props.zones !== undefined,
      alertmanagerAuth: props.alertmanagerAuthSecret !== undefined,
      retention: props.retention ?? DEFAULT_RETENTION,
      evaluationInterval: props.evaluationInterval ?? DEFAULT_EVALUATION_INTERVAL,
      replicationFactor: props.replicationFactor ?? DEFAULT_REPLICATION_FACTOR,
      ingesterMemoryLimit: quantityValue(
        withOptions(LOKI_TARGETS.ingester.resources, podDefaults.pods?.[podsName('ingester')]).memoryLimit,
      ),
      dataPath: DATA_PATH,
      rulesPath: RULES_PATH,
      runtimeConfigFile: props.tenants && `${RUNTIME_CONFIG_PATH}/${RUNTIME_CONFIG_FILE}`,
      httpPort: HTTP_PORT,
      grpcPort: GRPC_PORT,
      gossipPort: GOSSIP_PORT,
      ringName: `${NAME}.${namespace}`,
      addresses: {
        gossip: `${NAME}-gossip.${namespace}.svc:${GOSSIP_PORT}`,
        compactor: address('compactor'),
        queryScheduler: address('query-scheduler'),
        indexGateway: address('index-gateway'),
      },
    });
    const data = { 'config.yaml': stringify(config) };
    const configMap = createObject(this, 'config', k8s.KubeConfigMap, {
      metadata: { ...metadata, name: `${NAME}-config` },
      data,
    });
    const runtimeConfig = runtimeConfigMounts(this, props, metadata.labels);
    const rules = ruleMounts(this, props, metadata.labels);
    const { serviceAccountAnnotations } = props.objectStorage;
    if (serviceAccountAnnotations) {
      createObject(this, 'service-account', k8s.KubeServiceAccount, {
        metadata: { ...metadata, name: NAME, annotations: { ...serviceAccountAnnotations } },
        automountServiceAccountToken: false,
      });
    }
    this.gossipService(metadata.labels);

    const target = (
      name: LokiTargetName,
      replicas: number | Autoscaling = LOKI_TARGETS[name].replicas,
      zone?: string,
    ): LokiTarget =>
      new LokiTarget(scope, {
        podDefaults,
        target: name,
        replicas,
        zone,
        configMapName: configMap.name,
        podAnnotations: checksumAnnotation(data),
        claim: { storage: props.storage ?? DEFAULT_STORAGE, storageClassName: props.storageClassName },
        credentials: LOKI_TARGETS[name].objectStorage
          ? {
              env: credentialsEnv(props.objectStorage),
              serviceAccountName: serviceAccountAnnotations ? NAME : undefined,
            }
          : undefined,
        env: name === 'ruler' && props.alertmanagerAuthSecret ? basicAuthEnv(props.alertmanagerAuthSecret) : [],
        mounts: name === 'ruler' ? [...runtimeConfig, ...rules] : runtimeConfig,
      });
    const { replicas = {}, autoscaling = {} } = props;
    this.targets = {
      distributor: [target('distributor', autoscaling.distributor ?? replicas.distributor)],
      ingester: this.ingesters(props, target),
      'query-frontend': [target('query-frontend', autoscaling['query-frontend'] ?? replicas['query-frontend'])],
      'query-scheduler': [target('query-scheduler', replicas['query-scheduler'])],
      querier: [target('querier', autoscaling.querier ?? replicas.querier)],
      'index-gateway': [target('index-gateway', replicas['index-gateway'])],
      compactor: [target('compactor')],
      ruler: [target('ruler', replicas.ruler)],
    };
    this.gateway = new LokiGateway(
      scope,
      {
        queryFrontend: this.targets['query-frontend'][0].url('http'),
        querier: this.targets.querier[0].url('http'),
        ruler: this.targets.ruler[0].url('http'),
      },
      { podDefaults },
    );
    this.flows = distributedFlows(this, namespace, props.objectStorage);
    this.pushUrl = this.targets.distributor[0].url('http');
    this.queryUrl = this.gateway.url('http');
    this.components = [...Object.values(this.targets).flat(), this.gateway, ...Object.values(this.caches)];
    standFor(this, () => [this, ...this.components]);
  }

  object(kind: string, name?: string): ApiObject {
    return findObject(this, [this, ...this.components], { kind, name });
  }

  /** Creates one workload, or one per zone with a common budget: two zones must not lose a pod at the same time. */
  private ingesters(
    { zones = [], replicas = {} }: DistributedLokiProps,
    target: (name: LokiTargetName, replicas?: number, zone?: string) => LokiTarget,
  ): readonly [LokiTarget, ...LokiTarget[]] {
    const [first, ...others] = zones;
    if (first === undefined) return [target('ingester', replicas.ingester)];
    const each = (replicas.ingester ?? LOKI_TARGETS.ingester.replicas) / zones.length;
    createObject(this, 'ingester-budget', k8s.KubePodDisruptionBudget, {
      metadata: { name: `${NAME}-ingester`, labels: labels(NAME, LOG_STORE) },
      spec: { ...ONE_AT_A_TIME, selector: { matchLabels: INGESTERS } },
    });
    return [target('ingester', each, first), ...others.map((zone) => target('ingester', each, zone))];
  }

  /** Creates the headless Service with which pods of all targets find each other. */
  private gossipService(labels: Record<string, string>): void {
    createObject(this, 'gossip', k8s.KubeService, {
      metadata: { name: `${NAME}-gossip`, labels },
      spec: {
        clusterIp: 'None',
        // Pods only become ready after they have found each other.
        publishNotReadyAddresses: true,
        selector: componentSelector(LOG_STORE),
        ports: [{ name: 'gossip', port: GOSSIP_PORT, targetPort: k8s.IntOrString.fromString('gossip') }],
      },
    });
  }
}
