import { ALERTMANAGER_RESOURCES } from '../alertmanager/alertmanager';
import type { CollectorName } from '../collector/collectors';
import { KUBERNETES_EVENTS_RESOURCES } from '../collector/kubernetes-events/kubernetes-events';
import { OPEN_TELEMETRY_RESOURCES } from '../collector/opentelemetry/opentelemetry-collector';
import { PROMTAIL_RESOURCES } from '../collector/promtail/promtail';
import { HTTP_CLIENT_RESOURCES } from '../demo/http-client';
import { NGINX_APP_RESOURCES } from '../demo/nginx-app';
import { GRAFANA_RESOURCES } from '../grafana/grafana';
import { GO_VARIABLES } from '../kubernetes/go';
import type { PodOptions } from '../kubernetes/pod-options';
import { quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { type CacheName, type Caches, cacheResources } from '../loki/cache';
import { GATEWAY_RESOURCES } from '../loki/gateway';
import { LOKI_RESOURCES } from '../loki/loki';
import { MIN_MEMORY, MIN_MEMORY_WITH_REPLAY } from '../loki/memory';
import { LOKI_TARGETS, type LokiTargetName } from '../loki/targets';
import { LOG_CANARY_RESOURCES } from '../monitoring/log-canary';
import { collectorOf, type Profile } from './profiles';

/** Options that decide which pods exist, and with what resources. */
export interface PodsContext {
  readonly profile: Profile;
  readonly collector?: CollectorName;
  /** True if Kubernetes events are collected. */
  readonly kubernetesEvents: boolean;
  /** True if the demo's workloads are deployed. */
  readonly demo: boolean;
  readonly caches: Caches;
  /** True if each ingester is in one of several zones. */
  readonly zones: boolean;
}

/** Minimum memory limit in bytes, and what requires it. */
interface LeastMemory {
  readonly bytes: number;
  readonly reason: string;
}

/** Problem and fix of settings for pods that do not exist. */
type Missing = readonly [problem: string, fix: string];

interface Pods {
  /** Returns the default resources. */
  readonly resources: (context: PodsContext) => Resources;
  /** Environment variables that the stack may set. */
  readonly variables: readonly string[];
  /** Returns the reason why these pods do not exist; undefined if they do. @default they always exist */
  readonly missing?: (context: PodsContext) => Missing | undefined;
  readonly leastMemory?: (context: PodsContext) => LeastMemory | undefined;
}

const ALERTMANAGER_PASSWORD = ['ALERTMANAGER_USERNAME', 'ALERTMANAGER_PASSWORD'];
const BUCKET_CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

const COLLECTORS: Readonly<Record<CollectorName, Resources>> = {
  promtail: PROMTAIL_RESOURCES,
  opentelemetry: OPEN_TELEMETRY_RESOURCES,
};

const TO_RUN = { bytes: MIN_MEMORY, reason: 'Loki itself' };
const TO_REPLAY = { bytes: MIN_MEMORY_WITH_REPLAY, reason: 'Loki and the replay of its write-ahead log' };

function lokiTarget(name: LokiTargetName): Pods {
  const replays = name === 'ingester';
  return {
    resources: () => LOKI_TARGETS[name].resources,
    variables: [
      ...GO_VARIABLES,
      'POD_IP',
      ...(LOKI_TARGETS[name].objectStorage ? BUCKET_CREDENTIALS : []),
      ...(replays ? ['ZONE'] : []),
      ...(name === 'ruler' ? ALERTMANAGER_PASSWORD : []),
    ],
    missing: onlyDistributed,
    leastMemory: () => (replays ? TO_REPLAY : TO_RUN),
  };
}

const NOT_DEPLOYED: Missing = ['is not deployed: Loki is external', 'remove it'];

/** For components that only a distributed Loki has. */
function onlyDistributed({ profile }: PodsContext): Missing | undefined {
  if (profile === 'external') return NOT_DEPLOYED;
  return profile === 'distributed'
    ? undefined
    : [`is only part of profile 'distributed', but the profile is '${profile}'`, "use 'loki', or change the profile"];
}

function lokiCache(name: CacheName): Pods {
  const resources = ({ caches }: PodsContext) => cacheResources(caches[name] ?? { memory: '0Mi' });
  return {
    resources,
    variables: [],
    missing: (context) =>
      onlyDistributed(context) ??
      (context.caches[name] ? undefined : ['is not deployed', `set loki.caches.${name} too, or remove it`]),
    leastMemory: (context) => ({
      bytes: quantityValue(resources(context).memoryLimit),
      reason: `the cache of loki.caches.${name}.memory`,
    }),
  };
}

const demoComponent = (resources: Resources): Pods => ({
  resources: () => resources,
  variables: [],
  missing: ({ demo }) =>
    demo ? undefined : ['is part of the demo, which is not enabled', 'set demo: {} too, or remove it'],
});

const COMPONENTS = {
  loki: {
    resources: () => LOKI_RESOURCES,
    variables: [...GO_VARIABLES, ...ALERTMANAGER_PASSWORD],
    missing: ({ profile }) => {
      if (profile === 'external') return NOT_DEPLOYED;
      return profile === 'distributed'
        ? ["is split into components by profile 'distributed'", "use 'loki-ingester', 'loki-querier' and the others"]
        : undefined;
    },
    leastMemory: () => TO_REPLAY,
  },
  'loki-distributor': lokiTarget('distributor'),
  'loki-ingester': lokiTarget('ingester'),
  'loki-query-frontend': lokiTarget('query-frontend'),
  'loki-query-scheduler': lokiTarget('query-scheduler'),
  'loki-querier': lokiTarget('querier'),
  'loki-index-gateway': lokiTarget('index-gateway'),
  'loki-compactor': lokiTarget('compactor'),
  'loki-ruler': lokiTarget('ruler'),
  'loki-gateway': { resources: () => GATEWAY_RESOURCES, variables: [], missing: onlyDistributed },
  'loki-chunks-cache': lokiCache('chunks'),
  'loki-results-cache': lokiCache('results'),
  'log-collector': {
    resources: (context) => COLLECTORS[collectorOf(context)],
    variables: [...GO_VARIABLES, 'HOSTNAME', 'NODE_NAME'],
  },
  'kubernetes-events': {
    resources: () => KUBERNETES_EVENTS_RESOURCES,
    variables: GO_VARIABLES,
    missing: ({ kubernetesEvents }) =>
      kubernetesEvents ? undefined : ['is not deployed', 'set kubernetesEvents: true too, or remove it'],
  },
  alertmanager: { resources: () => ALERTMANAGER_RESOURCES, variables: [...GO_VARIABLES, 'POD_IP'] },
  grafana: { resources: () => GRAFANA_RESOURCES, variables: [...GO_VARIABLES, 'GF_PATHS_CONFIG'] },
  'log-canary': { resources: () => LOG_CANARY_RESOURCES, variables: [] },
  webservice: demoComponent(NGINX_APP_RESOURCES),
  'http-client': demoComponent(HTTP_CLIENT_RESOURCES),
  'slack-inbox': demoComponent(NGINX_APP_RESOURCES),
} satisfies Readonly<Record<string, Pods>>;

/** Name of a component, as a key of the option `pods`. */
export type PodsName = keyof typeof COMPONENTS;

/** Every component, by its name in the cluster; either collector is `log-collector`. */
export const PODS: Readonly<Record<PodsName, Pods>> = COMPONENTS;

export const PODS_NAMES = Object.keys(PODS) as PodsName[];

/** Settings of pods, by component. */
export type PodsOptions = Readonly<Partial<Record<PodsName, PodOptions>>>;
