import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { checksumAnnotation } from '../kubernetes/checksum';
import { labels } from '../kubernetes/labels';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Flow, Group } from '../kubernetes/network-policies';
import type { Duration, RuleFile } from '../rules/model';
import { DATA_PATH, HTTP_PORT, RULES_PATH } from './container';
import { distributedLokiConfig } from './distributed-config';
import { LokiGateway } from './gateway';
import { DEFAULT_EVALUATION_INTERVAL } from './loki';
import { credentialsEnv, type ObjectStorage, objectStoragePorts } from './object-storage';
import { rulesVolume } from './rules';
import { GOSSIP_PORT, GRPC_PORT, LOG_STORE, LokiTarget } from './target';
import { LOKI_TARGETS, type LokiTargetName, type ScalableTarget } from './targets';

export interface DistributedLokiProps {
  /** Rule files that the rulers evaluate. */
  readonly rules: readonly RuleFile[];
  /** Base URL of the Alertmanager. */
  readonly alertmanagerUrl: string;
  /** Base URL of Grafana as people open it. */
  readonly grafanaUrl: string;
  /** Grafana's uid of the Loki datasource. */
  readonly datasourceUid: string;
  /** Where chunks and index are kept. */
  readonly objectStorage: ObjectStorage;
  /** Pods of each target. @default 3 distributors and ingesters, 2 of the others */
  readonly replicas?: Readonly<Partial<Record<ScalableTarget, number>>>;
  /** On how many ingesters each log line lies; one less than half of them may be lost. @default 3 */
  readonly replicationFactor?: number;
  /** How long logs are kept. @default '168h', 7 days */
  readonly retention?: Duration;
  /** How often rules are evaluated that name no interval of their own. @default '15s' */
  readonly evaluationInterval?: Duration;
  /** Disk of each ingester, index gateway and of the compactor, a Kubernetes quantity. @default '10Gi' */
  readonly storage?: string;
  /** Storage class of those disks. @default the cluster's default class */
  readonly storageClassName?: string;
}

export const DEFAULT_REPLICATION_FACTOR = 3;

/** Name of the objects that all targets share. */
const NAME = 'loki';

/**
 * Loki as microservices on object storage: each target a workload of its own, and a gateway that makes one datasource
 * of them.
 */
export class DistributedLoki extends Construct {
  readonly targets: Readonly<Record<LokiTargetName, LokiTarget>>;
  readonly gateway: LokiGateway;
  /** All connections of the targets among each other, and to object storage. */
  readonly flows: readonly Flow[];

  constructor(chart: NamespacedChart, props: DistributedLokiProps) {
    super(chart, NAME);
    const metadata = { labels: labels(NAME, LOG_STORE) };
    const address = (target: LokiTargetName) => `${NAME}-${target}.${chart.namespace}.svc:${GRPC_PORT}`;
    const config = distributedLokiConfig({
      ...props,
      retention: props.retention ?? '168h',
      evaluationInterval: props.evaluationInterval ?? DEFAULT_EVALUATION_INTERVAL,
      replicationFactor: props.replicationFactor ?? DEFAULT_REPLICATION_FACTOR,
      dataPath: DATA_PATH,
      rulesPath: RULES_PATH,
      httpPort: HTTP_PORT,
      grpcPort: GRPC_PORT,
      gossipPort: GOSSIP_PORT,
      addresses: {
        gossip: `${NAME}-gossip.${chart.namespace}.svc:${GOSSIP_PORT}`,
        compactor: address('compactor'),
        queryScheduler: address('query-scheduler'),
        indexGateway: address('index-gateway'),
      },
    });
    const data = { 'config.yaml': stringify(config) };
    const configMap = new k8s.KubeConfigMap(this, 'config', {
      metadata: { ...metadata, name: `${NAME}-config` },
      data,
    });
    const rules = rulesVolume(this, props.rules, metadata.labels);
    const { serviceAccountAnnotations } = props.objectStorage;
    if (serviceAccountAnnotations) {
      new k8s.KubeServiceAccount(this, 'service-account', {
        metadata: { ...metadata, name: NAME, annotations: { ...serviceAccountAnnotations } },
        automountServiceAccountToken: false,
      });
    }
    this.gossipService(metadata.labels);

    const target = (name: LokiTargetName, replicas = LOKI_TARGETS[name].replicas) =>
      new LokiTarget(chart, {
        target: name,
        replicas,
        configMapName: configMap.name,
        podAnnotations: checksumAnnotation(data),
        claim: { storage: props.storage ?? '10Gi', storageClassName: props.storageClassName },
        credentials: LOKI_TARGETS[name].objectStorage
          ? {
              env: credentialsEnv(props.objectStorage),
              serviceAccountName: serviceAccountAnnotations ? NAME : undefined,
            }
          : undefined,
        rules: name === 'ruler' ? rules : undefined,
      });
    const { replicas = {} } = props;
    this.targets = {
      distributor: target('distributor', replicas.distributor),
      ingester: target('ingester', replicas.ingester),
      'query-frontend': target('query-frontend', replicas['query-frontend']),
      'query-scheduler': target('query-scheduler', replicas['query-scheduler']),
      querier: target('querier', replicas.querier),
      'index-gateway': target('index-gateway', replicas['index-gateway']),
      compactor: target('compactor'),
      ruler: target('ruler', replicas.ruler),
    };
    this.gateway = new LokiGateway(chart, {
      queryFrontend: this.targets['query-frontend'].url('http'),
      querier: this.targets.querier.url('http'),
      ruler: this.targets.ruler.url('http'),
    });
    this.flows = [...this.internalFlows(chart.namespace), ...this.bucketFlows(props.objectStorage)];
  }

  /** A name with the address of every target's pods: whom a pod asks first who else there is. */
  private gossipService(labels: Record<string, string>): void {
    new k8s.KubeService(this, 'gossip', {
      metadata: { name: `${NAME}-gossip`, labels },
      spec: {
        clusterIp: 'None',
        // Pods become ready only when they have found each other.
        publishNotReadyAddresses: true,
        selector: gossipSelector(),
        ports: [{ name: 'gossip', port: GOSSIP_PORT, targetPort: k8s.IntOrString.fromString('gossip') }],
      },
    });
  }

  private internalFlows(namespace: string): Flow[] {
    const { targets, gateway } = this;
    const everyTarget: Group = { namespace, selector: gossipSelector(), members: Object.values(targets) };
    const grpc: readonly (readonly [LokiTargetName, readonly LokiTargetName[]])[] = [
      ['distributor', ['ingester']],
      ['query-frontend', ['query-scheduler', 'compactor']],
      // It tells the frontend when a querier is gone with its query.
      ['query-scheduler', ['query-frontend']],
      // Queriers fetch queries from the scheduler and send the answers to the frontend.
      ['querier', ['query-scheduler', 'query-frontend', 'ingester', 'index-gateway', 'compactor']],
      // A ruler that is asked for rules asks the others for theirs.
      ['ruler', ['ruler', 'ingester', 'index-gateway', 'compactor']],
    ];
    return [
      { from: everyTarget, to: everyTarget, port: 'gossip' },
      ...grpc.flatMap(([from, others]) =>
        others.map((to) => ({ from: targets[from], to: targets[to], port: 'grpc' }) satisfies Flow),
      ),
      ...(['query-frontend', 'querier', 'ruler'] as const).map(
        (to) => ({ from: gateway, to: targets[to], port: 'http' }) satisfies Flow,
      ),
    ];
  }

  private bucketFlows(objectStorage: ObjectStorage): Flow[] {
    const to = { ports: objectStoragePorts(objectStorage) };
    return Object.entries(this.targets)
      .filter(([name]) => LOKI_TARGETS[name as LokiTargetName].objectStorage)
      .map(([, from]) => ({ from, to }));
  }
}

/** Labels that the pods of all targets have, and no others. */
function gossipSelector(): Record<string, string> {
  const { 'app.kubernetes.io/instance': instance = '', 'app.kubernetes.io/component': component = '' } = labels(
    NAME,
    LOG_STORE,
  );
  return { 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/component': component };
}
