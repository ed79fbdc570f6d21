/** A log line: time in nanoseconds since 1970, text, structured metadata. */
export type LogEntry = readonly [timeNs: bigint, line: string, metadata?: Readonly<Record<string, string>>];

export interface LogStream {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

/** A series of a metric query: Unix seconds and the value as Loki prints it. */
export interface MetricSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** A stream of a log query: nanoseconds and the line. */
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
  /** Seconds between two values of a metric query. @default Loki's choice */
  readonly step?: number;
  /** Most lines of a log query. @default 100 */
  readonly limit?: number;
  /** Which lines come first. @default 'backward', the newest */
  readonly direction?: 'forward' | 'backward';
}

/** A rule as the ruler sees it now: `GET /prometheus/api/v1/rules`. */
export interface RulerRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
  /** Only of alerts. */
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

/** A request that Loki answered with an error. */
export class LokiRefusal extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The parts of Loki's HTTP API that tests and the demo need. */
export class LokiClient {
  /**
   * @param url base URL
   * @param tenant value of `X-Scope-OrgID`. @default none, for a Loki without multi-tenancy
   */
  constructor(
    private readonly url: string,
    private readonly tenant?: string,
  ) {}

  /** Sends log lines. @throws with Loki's reason if it refuses any */
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

  /** Evaluates a query over a span of time. @throws with Loki's reason */
  queryRange(query: string, range: RangeQuery): Promise<QueryResult> {
    return this.get('/loki/api/v1/query_range', { query, ...range });
  }

  /** Evaluates a query at one time, Unix seconds. @throws with Loki's reason */
  query(query: string, time?: number): Promise<QueryResult> {
    return this.get('/loki/api/v1/query', { query, time });
  }

  /** State of all rules. @throws with Loki's reason */
  async rules(): Promise<readonly RulerGroup[]> {
    return (await this.get<{ groups: readonly RulerGroup[] }>('/prometheus/api/v1/rules', {})).groups;
  }

  private async get<T>(path: string, parameters: Readonly<Record<string, string | number | undefined>>): Promise<T> {
    const given = Object.entries(parameters).flatMap<[string, string]>(([key, value]) =>
      value === undefined ? [] : [[key, `${value}`]],
    );
    const response = await this.request(`${path}?${new URLSearchParams(given)}`, {});
    return ((await response.json()) as { data: T }).data;
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, ...(this.tenant === undefined ? {} : { 'X-Scope-OrgID': this.tenant }) };
    const response = await fetch(this.url + path, { ...init, headers });
    if (!response.ok) {
      const [route = path] = path.split('?');
      throw new LokiRefusal(
        response.status,
        `Loki answered ${response.status} to ${route}: ${(await response.text()).trim()}`,
      );
    }
    return response;
  }
}
