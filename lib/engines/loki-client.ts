import { LokiHttp } from './loki-http';

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

/** A span of time. */
export interface Span {
  /** Unix time in seconds. */
  readonly start: number;
  /** Unix time in seconds. */
  readonly end: number;
}

/** State of a rule in the ruler, from `GET /prometheus/api/v1/rules`. */
export interface RulerRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
  /** Expression, as Loki prints it. */
  readonly query: string;
  /** Seconds of `for`; only for alerting rules. */
  readonly duration?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Only for alerting rules. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Time of the last evaluation; year 1 if there was none. */
  readonly lastEvaluation: string;
  /** Seconds that it took. */
  readonly evaluationTime: number;
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
  /** Name of the rule file, or namespace. */
  readonly file: string;
  /** Seconds between two evaluations. */
  readonly interval: number;
  readonly limit?: number;
  readonly rules: readonly RulerRule[];
}

/** Client for the parts of Loki's HTTP API that tests, the demo and `replay` need. */
export class LokiClient extends LokiHttp {
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

  /**
   * Label sets of all streams that a selector matches.
   * @param span time in which they have lines @default the last six hours, chosen by Loki
   * @throws with Loki's reason
   */
  series(selector: string, span: Partial<Span> = {}): Promise<readonly Readonly<Record<string, string>>[]> {
    return this.data('/loki/api/v1/series', { 'match[]': selector, ...span });
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
}
