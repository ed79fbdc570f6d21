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

/** An error response from Loki. */
export class LokiRefusal extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Client for the parts of Loki's HTTP API that tests and the demo need. */
export class LokiClient {
  /**
   * @param url base URL
   * @param tenant value of `X-Scope-OrgID`; a Loki without multi-tenancy needs none. @default none
   */
  constructor(
    private readonly url: string,
    private readonly tenant?: string,
  ) {}

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
    return this.get('/loki/api/v1/query_range', { query, ...range });
  }

  /** Evaluates a query at one point in time, in Unix seconds. @throws with Loki's reason */
  query(query: string, time?: number): Promise<QueryResult> {
    return this.get('/loki/api/v1/query', { query, time });
  }

  /** Returns the state of all rules. @throws with Loki's reason */
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
