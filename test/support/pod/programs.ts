import { parse, stringify } from 'yaml';
import { relocate } from '../../../lib/demo-run/local-configs';
import { findEngine } from '../../../lib/engines';
import { LOOPBACK, lastingPorts } from '../../../lib/engines/ports';
import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import { type PodRunOptions, type Ports, type RunningPod, startPod } from './start';
import type { WorkloadRef } from './workload';

/** What a test says of a pod whose program is known. */
export interface ProgramOptions extends Omit<PodRunOptions, 'engine' | 'args' | 'edit'> {
  /** Workload, where the manifests have others of this program. @default that of the demo */
  readonly workload?: WorkloadRef;
  /** What a value of the configuration begins with, and what it begins with instead: addresses. @default none */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Changes the configuration further: intervals. @default nothing */
  // biome-ignore lint/suspicious/noExplicitAny: a configuration as YAML has it.
  readonly tweak?: (config: any) => void;
  /** Arguments beside the pod's. @default none */
  readonly args?: readonly string[];
}

/** A change of a YAML file of the pod: other addresses, then the test's own changes. */
function changed({ addresses = {}, tweak }: ProgramOptions, own: (config: never, ports: Ports) => void = () => {}) {
  return (text: string, ports: Ports): string => {
    const config = relocate(parse(text), addresses);
    own(config as never, ports);
    tweak?.(config);
    return stringify(config);
  };
}

/** Where a server of dskit, Grafana's framework, listens. */
const listenAt = (http: number, grpc: number) => [
  `-server.http-listen-address=${LOOPBACK}`,
  `-server.http-listen-port=${http}`,
  `-server.grpc-listen-address=${LOOPBACK}`,
  `-server.grpc-listen-port=${grpc}`,
];

/** Loki with everything in it, or a target of a distributed one. */
export async function startLokiPod(manifests: readonly Manifest[], options: ProgramOptions = {}): Promise<RunningPod> {
  const { workload = { kind: 'StatefulSet', name: 'loki' }, args = [], ...rest } = options;
  // That of a single one is not declared: its own parts alone talk over it.
  const [own = 0] = await lastingPorts(1);
  return startPod(manifests, workload, {
    ...rest,
    engine: await findEngine('loki'),
    args: ({ http = 0, grpc = own }) => [...listenAt(http, grpc), ...args],
    edit: { '/etc/loki/config.yaml': changed(options) },
  });
}

/** Alertmanager without a cluster, as the demo has it. */
export async function startAlertmanagerPod(
  manifests: readonly Manifest[],
  options: ProgramOptions = {},
): Promise<RunningPod> {
  const { workload = { kind: 'StatefulSet', name: 'alertmanager' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    ...rest,
    engine: await findEngine('alertmanager'),
    args: ({ http }) => [`--web.listen-address=${LOOPBACK}:${http}`, ...args],
    edit: { '/etc/alertmanager/alertmanager.yml': changed(options) },
  });
}

/** Promtail; its `/ready` turns 200 only when it tails a file. */
export async function startPromtailPod(manifests: readonly Manifest[], options: ProgramOptions): Promise<RunningPod> {
  const { workload = { kind: 'DaemonSet', name: 'promtail' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    readyPath: '/metrics',
    ...rest,
    engine: await findEngine('promtail'),
    // Port 0: any. Nobody asks its gRPC.
    args: ({ http = 0 }) => [...listenAt(http, 0), ...args],
    edit: { '/etc/promtail/config.yaml': changed(options) },
  });
}

/** The OpenTelemetry Collector. It waits for the pods of its node before it is ready. */
export async function startOtelCollectorPod(
  manifests: readonly Manifest[],
  options: ProgramOptions,
): Promise<RunningPod> {
  const { workload = { kind: 'DaemonSet', name: 'otel-log-collector' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    ...rest,
    engine: await findEngine('otelcol'),
    args: () => args,
    edit: {
      '/etc/otelcol/config.yaml': changed(options, (config: OtelConfig, { http = 0, health = 0 }) => {
        config.extensions.health_check.endpoint = `${LOOPBACK}:${health}`;
        const [reader] = config.service.telemetry.metrics.readers;
        if (reader) Object.assign(reader.pull.exporter.prometheus, { host: LOOPBACK, port: http });
      }),
    },
  });
}

interface OtelConfig {
  readonly extensions: { readonly health_check: { endpoint: string } };
  readonly service: {
    readonly telemetry: {
      readonly metrics: {
        readonly readers: readonly { readonly pull: { readonly exporter: { readonly prometheus: object } } }[];
      };
    };
  };
}
