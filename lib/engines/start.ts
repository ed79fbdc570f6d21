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

/** Where an engine is about to run: what a configuration may have to name. */
export interface EngineAddress {
  /** Working folder, absolute. */
  readonly dir: string;
  /** Base URL of the HTTP API, without a slash at the end. */
  readonly url: string;
  /** Port of that URL. */
  readonly port: number;
}

/** YAML text, an object to write as YAML, or a function that makes either once the place is known. */
export type EngineConfig = string | object | ((place: EngineAddress) => string | object);

export interface StartOptions {
  /** @default what `findEngine` finds */
  readonly engine?: Engine;
  /** Files for the engine to find in its working folder, by relative path: rules, templates, logs. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Command line arguments beside this module's own, or in place of those of the same flag. @default none */
  readonly args?: readonly string[];
  /** Environment variables beside those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Headers of the request that asks whether it is ready. @default none */
  readonly readyHeaders?: Readonly<Record<string, string>>;
  /** HTTP port on 127.0.0.1, where links must be known beforehand. @default one that is free */
  readonly port?: number;
  /** Working folder, which then stays when the engine stops. @default a temporary one, which does not */
  readonly dir?: string;
  /** Milliseconds until an engine that is not ready counts as failed. @default 30000 */
  readonly readyTimeoutMs?: number;
  /** Told when finding the engine takes time. @default nobody */
  readonly progress?: OnProgress;
}

/** An engine that answers, until `stop` or the end of this process. */
export interface RunningEngine {
  readonly engine: Engine;
  /** Base URL of the HTTP API, without a slash at the end. */
  readonly url: string;
  /** Process id; of the Docker client, if the engine runs in a container. */
  readonly pid: number;
  /** Working folder: the configuration, `files`, and what the engine writes. */
  readonly dir: string;
  /** Resolves when the process has ended, to how: `exit code 1`, `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** The last 256 Ki characters of output. */
  logs(): string;
  /** SIGTERM, after ten seconds SIGKILL; removes a temporary working folder. May be called again. */
  stop(): Promise<void>;
}

interface Kind {
  readonly name: EngineName;
  readonly title: string;
  readonly configFile: string;
  /** Path that answers 200 as soon as the engine can be used. */
  readonly readyPath: string;
  arguments(place: EngineAddress & { readonly configFile: string; readonly grpcPort: number }): string[];
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
  // `/ready` fails until a file is tailed, and there may be none yet.
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
  // Where it listens stands in the configuration alone.
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
    // No cluster: otherwise it listens on all addresses and waits for peers.
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
 * Starts Loki and waits until it is ready. The command line sets addresses and ports, whatever the configuration says.
 * @throws if no Loki is found, or it ends or is not ready in time: with the last lines of its log
 */
export function startLoki(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(LOKI, config, options);
}

/**
 * Starts Promtail and waits until its HTTP server answers; its `/ready` turns 200 only when it tails a file. Positions
 * are kept in the working folder.
 * @throws as `startLoki`
 */
export function startPromtail(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(PROMTAIL, config, options);
}

/**
 * Starts the OpenTelemetry Collector and waits until it answers. Its command line knows no addresses: the configuration
 * must serve its own metrics at the place's port.
 * @throws as `startLoki`
 */
export function startOtelCollector(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(OTELCOL, config, options);
}

/**
 * Starts one Alertmanager without a cluster and waits until it is ready. Silences and the notification log are kept in
 * the working folder's `data`.
 * @throws as `startLoki`
 */
export function startAlertmanager(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(ALERTMANAGER, config, options);
}

/**
 * Starts MinIO, an S3-compatible object storage, and waits until it is ready.
 * @throws as `startLoki`
 */
export function startMinio(config: EngineConfig, options: StartOptions = {}): Promise<RunningEngine> {
  return start(MINIO, config, options);
}

/** How often an engine is started anew because another process took its port in the meantime. */
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
      const place: EngineAddress = { dir, port, url: `http://${LOOPBACK}:${port}` };
      const configFile = writeFileIn(dir, kind.configFile, configText(config, place));
      const args = withArguments(kind.arguments({ ...place, configFile, grpcPort }), options.args);
      const { env = {} } = options;
      const child = new EngineProcess(commandLine(engine, args, dir, Object.keys(env)), dir, env);
      const request = new Request(place.url + kind.readyPath, { headers: options.readyHeaders });
      const failure = await untilReady(child, request, options.readyTimeoutMs ?? 30_000);
      if (failure === undefined) return running(engine, place, child, cleanUp);
      await child.stop();
      if (/address already in use/.test(child.logs()) && attempt < PORT_ATTEMPTS) continue;
      throw new Error(`${kind.title} ${engine.version} (${engine.path}) ${failure}\n${lastLines(child.logs())}`);
    }
  } catch (error) {
    cleanUp();
    throw error;
  }
}

function running(engine: Engine, place: EngineAddress, child: EngineProcess, cleanUp: () => void): RunningEngine {
  const { url, dir } = place;
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

/** Not simply one after the other: Alertmanager takes most flags only once. */
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

function configText(config: EngineConfig, place: EngineAddress): string {
  const value = typeof config === 'function' ? (config as (place: EngineAddress) => string | object)(place) : config;
  return typeof value === 'string' ? value : stringify(value);
}

/** Polls until the engine is ready; returns what went wrong, or undefined. */
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
  return text.trimEnd().split('\n').slice(-15).join('\n') || '(it wrote nothing)';
}
