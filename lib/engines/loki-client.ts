import { setTimeout as sleep } from 'node:timers/promises';

/** A log line: Unix time in nanoseconds, text, structured metadata. */
export type LogEntry = readonly [timeNs: bigint, line: string, metadata?: Readonly<Record<string, string>>];

export interface LogStream {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

/** A series of a metric query: Unix time in seconds, and the value as Loki prints it. */
export interface MetricSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** A stream of a log query: Unix time in nanoseconds, and the line. */
export interface LogResult {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [timeNs: string, line: string])[];
}

export type QueryResult =
  | { readonly resultType: 'matrix'; readonly result: readonly MetricSeries[] }
  | {
      readonly resultType: 'vector';
      readonly result: readonly {
        readonly metric: Readonly<Record<string, string>>;
        readonly value: readonly [number, string];
      }[];
    }
  | { readonly resultType: 'streams'; readonly result: readonly LogResult[] }
  | { readonly resultType: 'scalar'; readonly result: readonly [number, string] };

export interface RangeQuery {
  /** Unix time in seconds, inclusive. */
  readonly start: number;
  /** Unix time in seconds; inclusive for metric queries, exclusive for log queries. */
  readonly end: number;
  /** Seconds between two values of a metric query. @default chosen by Loki */
  readonly step?: number;
  /** Maximum number of lines of a log query. @default 100 */
  readonly limit?: number;
  /** Order of lines: `forward` is oldest first. @default 'backward' */
  readonly direction?: 'forward' | 'backward';
}

/** State of a rule in the ruler, from `GET /prometheus/api/v1/rules`. */
export interface RulerRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
  /** Only for alerting rules. */
  readonly state?: 'inactive' | 'pending' | 'firing';
  readonly alerts?: readonly {
    readonly state: 'pending' | 'firing';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly activeAt: string;
    readonly value: string;
  }[];
}

export interface RulerGroup {
  readonly name: string;
  /** Name of the rule file. */
  readonly file: string;
  readonly rules: readonly RulerRule[];
}

/** No response from Loki: it does not run, or its connection was cut. */
export class NoAnswer extends Error {}

/** An error response from Loki. */
export class LokiRefusal extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Loki's error message. */
    readonly reason: string,
    route: string,
  ) {
    super(`Loki answered ${status} to ${route}: ${reason}`);
  }
}

export interface LokiClientOptions {
  /** Value of `X-Scope-OrgID`; a Loki without multi-tenancy needs none. @default none */
  readonly tenant?: string;
  /** Headers of every request, for authentication. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Timeout of one request, in milliseconds. @default none */
  readonly timeoutMs?: number;
  /** Delays before a request is repeated while Loki is busy, in milliseconds. @default none, no retries */
  readonly pausesMs?: readonly number[];
}

/** Statuses of a busy Loki: too many requests, or a full queue. */
const BUSY = [429, 503];

/** Client for the parts of Loki's HTTP API that tests, the demo and `replay` need. */
export class LokiClient {
  private readonly url: string;

  /** @param url base URL of Loki, or of the gateway in front of it */
  constructor(
    url: string,
    private readonly options: LokiClientOptions = {},
  ) {
    this.url = url.replace(/\/$/, '');
  }

  /** Pushes log lines. @throws with Loki's reason if it rejects any */
  async push(streams: readonly LogStream[]): Promise<void> {
    const body = streams.map(({ labels, entries }) => ({
      stream: labels,
      values: entries.map(([timeNs, line, metadata]) =>
        metadata ? [`${timeNs}`, line, metadata] : [`${timeNs}`, line],
      ),
    }));
    await this.request('/loki/api/v1/push', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ streams: body }),
    });
  }

  /** Evaluates a query over a range of time. @throws with Loki's reason */
  queryRange(query: string, range: RangeQuery): Promise<QueryResult> {
    return this.data('/loki/api/v1/query_range', { query, ...range });
  }

  /** Evaluates a query at one point in time, in Unix seconds. @throws with Loki's reason */
  query(query: string, time?: number): Promise<QueryResult> {
    return this.data('/loki/api/v1/query', { query, time });
  }

  /** Label sets of all streams that a selector matches. @throws with Loki's reason */
  series(selector: string): Promise<readonly Readonly<Record<string, string>>[]> {
    return this.data('/loki/api/v1/series', { 'match[]': selector });
  }

  /** Returns the state of all rules. @throws with Loki's reason */
  async rules(): Promise<readonly RulerGroup[]> {
    return (await this.data<{ groups: readonly RulerGroup[] }>('/prometheus/api/v1/rules')).groups;
  }

  /** Version that Loki gives itself. @throws if nothing that answers is there */
  async version(): Promise<string> {
    const { version } = await this.get<{ version?: string }>('/loki/api/v1/status/buildinfo');
    return version || 'unknown';
  }

  private async data<T>(route: string, parameters?: Parameters): Promise<T> {
    return (await this.get<{ data: T }>(route, parameters)).data;
  }

  private async get<T>(route: string, parameters: Parameters = {}): Promise<T> {
    const given = Object.entries(parameters).flatMap<[string, string]>(([key, value]) =>
      value === undefined ? [] : [[key, `${value}`]],
    );
    const response = await this.request(given.length > 0 ? `${route}?${new URLSearchParams(given)}` : route);
    return (await response.json()) as T;
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const { tenant, headers: own, timeoutMs, pausesMs = [] } = this.options;
    const headers = { ...own, ...init.headers, ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }) };
    for (let attempt = 0; ; attempt++) {
      const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
      const response = await fetch(this.url + path, { ...init, headers, signal }).catch((error) => {
        throw new NoAnswer(`no Loki answers at ${this.url}: ${error.cause?.message ?? error.message}`);
      });
      if (response.ok) return response;
      const pauseMs = BUSY.includes(response.status) ? pausesMs[attempt] : undefined;
      if (pauseMs === undefined) {
        const [route = path] = path.split('?');
        throw new LokiRefusal(response.status, (await response.text()).trim(), route);
      }
      await sleep(pauseMs);
    }
  }
}

type Parameters = Readonly<Record<string, string | number | undefined>>;
