import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { makeTempFolder, removeTempFolder } from './cleanup';
import { commandLine } from './command';
import type { Engine, EngineName, OnProgress } from './engine';
import { findEngine } from './find';
import { freePorts, LOOPBACK, requireFreePort } from './ports';
import { EngineProcess } from './process';

/** Address and working folder of an engine, for its configuration. */
export interface EngineAddress {
  /** Working folder, absolute. */
  readonly dir: string;
  /** Base URL of the HTTP API, without a trailing slash. */
  readonly url: string;
  /** Port of the URL. */
  readonly port: number;
}

/** YAML text, an object to write as YAML, or a function that returns either for the engine's address. */
export type EngineConfig = string | object | ((address: EngineAddress) => string | object);

export interface StartOptions {
  /** Engine to start. @default the result of `findEngine` */
  readonly engine?: Engine;
  /** Files to write to its working folder, by relative path: rules, templates, logs. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Additional command-line arguments; each replaces this module's own with the same flag. @default none */
  readonly args?: readonly string[];
  /** Environment variables in addition to those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Headers of the readiness request. @default none */
  readonly readyHeaders?: Readonly<Record<string, string>>;
  /** HTTP port on 127.0.0.1, if URLs must be known beforehand. @default any free port */
  readonly port?: number;
  /** Working folder, which is kept when the engine stops. @default a temporary folder, which is removed */
  readonly dir?: string;
  /** Time for the engine to become ready, in milliseconds. @default 30000 */
  readonly readyTimeoutMs?: number;
  /** Receives progress messages while the engine is being found or built. @default none */
  readonly progress?: OnProgress;
}

/** A ready server, which runs until `stop` or the end of this process. */
export interface RunningServer {
  /** Base URL of the HTTP API, without a trailing slash. */
  readonly url: string;
  /** Process id; of the Docker client, if the engine runs in a container. */
  readonly pid: number;
  /** Working folder with the configuration, `files` and the engine's data. */
  readonly dir: string;
  /** Resolves when the process has ended, to `exit code 1` or `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** The last 256 Ki characters of output. */
  logs(): string;
  /** Sends SIGTERM, and SIGKILL after ten seconds; removes a temporary working folder. May be called again. */
  stop(): Promise<void>;
}

/** An engine that answers. */
export interface RunningEngine extends RunningServer {
  readonly engine: Engine;
}

interface Kind {
  readonly name: EngineName;
  readonly title: string;
  readonly configFile: string;
  /** Path that returns 200 as soon as the engine is ready. */
  readonly readyPath: string;
  arguments(address: EngineAddress & { readonly configFile: string; readonly grpcPort: number }): string[];
}

const LOKI: Kind = {
  name: 'loki',
  title: 'Loki',
  configFile: 'loki.yaml',
  readyPath: '/ready',
  arguments: ({ configFile, port, grpcPort }) => [
    `-config.file=${configFile}`,
    `-server.http-listen-address=${LOOPBACK}`,
    `-server.http-listen-port=${port}`,
    `-server.grpc-listen-address=${LOOPBACK}`,
    `-server.grpc-listen-port=${grpcPort}`,
  ],
};

const PROMTAIL: Kind = {
  name: 'promtail',
  title: 'Promtail',
  configFile: 'promtail.yaml',
  // `/ready` fails until Promtail tails a file, and there may be none yet.
  readyPath: '/metrics',
  arguments: ({ configFile, dir, port, grpcPort }) => [
    `-config.file=${configFile}`,
    `-positions.file=${join(dir, 'positions.yaml')}`,
    `-server.http-listen-address=${LOOPBACK}`,
    `-server.http-listen-port=${port}`,
    `-server.grpc-listen-address=${LOOPBACK}`,
    `-server.grpc-listen-port=${grpcPort}`,
  ],
};

const OTELCOL: Kind = {
  name: 'otelcol',
  title: 'OpenTelemetry Collector',
  configFile: 'otelcol.yaml',
  readyPath: '/metrics',
  // Only the configuration sets the addresses it listens on.
  arguments: ({ configFile }) => [`--config=${configFile}`],
};

const ALERTMANAGER: Kind = {
  name: 'alertmanager',
  title: 'Alertmanager',
  configFile: 'alertmanager.yml',
  readyPath: '/-/ready',
  arguments: ({ configFile, dir, port }) => [
    `--config.file=${configFile}`,
    `--storage.path=${join(dir, 'data')}`,
    `--web.listen-address=${LOOPBACK}:${port}`,
    // Without clustering: otherwise it listens on all addresses and waits for peers.
    '--cluster.listen-address=',
  ],
};

const MINIO: Kind = {
  name: 'minio',
  title: 'MinIO',
  configFile: 'minio.yaml',
  readyPath: '/minio/health/ready',
  arguments: ({ configFile, port, grpcPort }) => [
    'server',
    '--config',
    configFile,
    '--address',
    `${LOOPBACK}:${port}`,
    // Its web UI would otherwise listen on all addresses.
    '--console-address',
    `${LOOPBACK}:${grpcPort}`,
  ],
};

/**
 * Starts Loki and waits until it is ready. The command line overrides the addresses and ports of the configuration.
 * @throws if no Loki is found; or if it ends or is not ready in time, with the last lines of its log
 */
export function startLoki(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(LOKI, config, options);
}

/**
 * Starts Promtail and waits until its HTTP server answers; `/ready` returns 200 only once it tails a file. Positions
 * are kept in the working folder.
 * @throws like `startLoki`
 */
export function startPromtail(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(PROMTAIL, config, options);
}

/**
 * Starts the OpenTelemetry Collector and waits until it answers. It has no flags for addresses: the configuration must
 * serve the collector's metrics on the given port.
 * @throws like `startLoki`
 */
export function startOtelCollector(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(OTELCOL, config, options);
}

/**
 * Starts one Alertmanager without clustering and waits until it is ready. Silences and the notification log are kept in
 * `data` in the working folder.
 * @throws like `startLoki`
 */
export function startAlertmanager(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(ALERTMANAGER, config, options);
}

/**
 * Starts MinIO, an S3-compatible object store, and waits until it is ready.
 * @throws like `startLoki`
 */
export function startMinio(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(MINIO, config, options);
}

/** Attempts to start an engine if another process takes its port in the meantime. */
const PORT_ATTEMPTS = 5;

async function start(kind: Kind, config: EngineConfig, options: StartOptions): Promise<RunningEngine> {
  const engine = options.engine ?? (await findEngine(kind.name, { progress: options.progress }));
  if (options.port !== undefined) await requireFreePort(options.port, kind.title);
  const dir = options.dir ?? makeTempFolder();
  const cleanUp = () => {
    if (options.dir === undefined) removeTempFolder(dir);
  };
  try {
    for (const [path, text] of Object.entries(options.files ?? {})) writeFileIn(dir, path, text);
    for (let attempt = 1; ; attempt++) {
      const [freePort = 0, grpcPort = 0] = await freePorts(2);
      const port = options.port ?? freePort;
      const address: EngineAddress = { dir, port, url: `http://${LOOPBACK}:${port}` };
      const configFile = writeFileIn(dir, kind.configFile, configText(config, address));
      const args = withArguments(kind.arguments({ ...address, configFile, grpcPort }), options.args);
      const { env = {} } = options;
      const child = new EngineProcess(commandLine(engine, args, dir, Object.keys(env)), dir, env);
      const request = new Request(address.url + kind.readyPath, { headers: options.readyHeaders });
      const failure = await untilReady(child, request, options.readyTimeoutMs ?? 30_000);
      if (failure === undefined) return running(engine, address, child, cleanUp);
      await child.stop();
      if (/address already in use/.test(child.logs()) && attempt < PORT_ATTEMPTS) continue;
      throw new Error(`${kind.title} ${engine.version} (${engine.path}) ${failure}\n${lastLines(child.logs())}`);
    }
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function running(engine: Engine, address: EngineAddress, child: EngineProcess, cleanUp: () => void): RunningEngine {
  const { url, dir } = address;
  return {
    engine,
    url,
    dir,
    pid: child.pid,
    exited: child.exited,
    logs: () => child.logs(),
    stop: () => child.stop().then(cleanUp),
  };
}

/** Merges arguments by flag: Alertmanager rejects most flags if they are repeated. */
function withArguments(own: readonly string[], others: readonly string[] = []): string[] {
  const flag = (arg: string) => arg.split('=')[0];
  const replaced = others.map(flag);
  return [...own.filter((arg) => !replaced.includes(flag(arg))), ...others];
}

function writeFileIn(dir: string, path: string, text: string): string {
  const file = join(dir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function configText(config: EngineConfig, address: EngineAddress): string {
  const value =
    typeof config === 'function' ? (config as (address: EngineAddress) => string | object)(address) : config;
  return typeof value === 'string' ? value : stringify(value);
}

/** Polls until the engine is ready. @returns the reason of a failure, or undefined */
async function untilReady(child: EngineProcess, request: Request, timeoutMs: number): Promise<string | undefined> {
  let ended: string | undefined;
  child.exited.then((how) => {
    ended = how;
  });
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const ready = await answers(request);
    if (ended !== undefined) return `ended with ${ended} before it was ready. Its last lines:`;
    if (ready) return undefined;
    await sleep(20);
  }
  return `was not ready within ${timeoutMs / 1000} s (GET ${request.url}). Its last lines:`;
}

async function answers(request: Request): Promise<boolean> {
  try {
    return (await fetch(request, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n') || '(no output)';
}
