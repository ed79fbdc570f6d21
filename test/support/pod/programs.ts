import { parse, stringify } from 'yaml';
import { relocate } from '../../../lib/demo-run/local-configs';
import { LOOPBACK } from '../../../lib/engines/ports';
import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import type { PodRunOptions, Ports, RunningPod } from './pod';
import { engineProgram, nginxProgram } from './program';
import { startPod } from './start';
import type { WorkloadRef } from './workload';

/** Options for running a known program. */
export interface ProgramOptions extends Omit<PodRunOptions, 'program' | 'args' | 'edit'> {
  /** Workload of the program. @default the workload in the demo */
  readonly workload?: WorkloadRef;
  /** Replacements of prefixes in the configuration, for addresses. @default none */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Changes the configuration, for example intervals. @default none */
  // biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
  readonly tweak?: (config: any) => void;
  /** Additional arguments. @default none */
  readonly args?: readonly string[];
}

/** Returns an edit of a YAML file: other addresses, then the changes of the program and the test. */
function changed({ addresses = {}, tweak }: ProgramOptions, own: (config: never, ports: Ports) => void = () => {}) {
  return (text: string, ports: Ports): string => {
    const config = relocate(parse(text), addresses);
    own(config as never, ports);
    tweak?.(config);
    return stringify(config);
  };
}

/** Returns flags for the addresses of a dskit server, Grafana's framework. */
const listenAt = (http: number, grpc: number) => [
  `-server.http-listen-address=${LOOPBACK}`,
  `-server.http-listen-port=${http}`,
  `-server.grpc-listen-address=${LOOPBACK}`,
  `-server.grpc-listen-port=${grpc}`,
];

/** Starts a single-process Loki, or a target of a distributed one. */
export async function startLokiPod(manifests: readonly Manifest[], options: ProgramOptions = {}): Promise<RunningPod> {
  const { workload = { kind: 'StatefulSet', name: 'loki' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    ...rest,
    program: await engineProgram('loki'),
    // The pod of a single Loki does not declare its gRPC port, which only its own components use.
    undeclaredPorts: ['grpc'],
    args: ({ http = 0, grpc = 0 }) => [...listenAt(http, grpc), ...args],
    edit: { '/etc/loki/config.yaml': changed(options) },
  });
}

/** Starts Alertmanager without clustering, as in the demo. */
export async function startAlertmanagerPod(
  manifests: readonly Manifest[],
  options: ProgramOptions = {},
): Promise<RunningPod> {
  const { workload = { kind: 'StatefulSet', name: 'alertmanager' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    ...rest,
    program: await engineProgram('alertmanager'),
    args: ({ http }) => [`--web.listen-address=${LOOPBACK}:${http}`, ...args],
    edit: { '/etc/alertmanager/alertmanager.yml': changed(options) },
  });
}

/** Starts Promtail. Its `/ready` returns 200 only once it tails a file. */
export async function startPromtailPod(manifests: readonly Manifest[], options: ProgramOptions): Promise<RunningPod> {
  const { workload = { kind: 'DaemonSet', name: 'promtail' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    readyPath: '/metrics',
    ...rest,
    program: await engineProgram('promtail'),
    // Port 0: any free port, because gRPC is not used.
    args: ({ http = 0 }) => [...listenAt(http, 0), ...args],
    edit: { '/etc/promtail/config.yaml': changed(options) },
  });
}

/** Starts the OpenTelemetry Collector. It is ready once it knows the pods of its node. */
export async function startOtelCollectorPod(
  manifests: readonly Manifest[],
  options: ProgramOptions,
): Promise<RunningPod> {
  const { workload = { kind: 'DaemonSet', name: 'otel-log-collector' }, args = [], ...rest } = options;
  return startPod(manifests, workload, {
    ...rest,
    program: await engineProgram('otelcol'),
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

/** nginx in front of a distributed Loki. */
export async function startGatewayPod(
  manifests: readonly Manifest[],
  nginx: string,
  addresses: Readonly<Record<string, string>>,
): Promise<RunningPod> {
  return startPod(
    manifests,
    { kind: 'Deployment', name: 'loki-gateway' },
    {
      program: nginxProgram(nginx),
      edit: {
        '/etc/nginx/conf.d/default.conf': (text, { http }) =>
          Object.entries({
            ...addresses,
            'listen 8080': `listen ${LOOPBACK}:${http}`,
            '[::]:8080': `[::1]:${http}`,
          }).reduce((config, [from, to]) => config.replaceAll(from, to), text),
      },
    },
  );
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
