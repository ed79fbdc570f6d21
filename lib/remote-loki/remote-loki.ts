import {
  LokiClient,
  type LokiClientOptions,
  LokiRefusal,
  type MetricSeries,
  type QueryResult,
  type RangeQuery,
} from '../engines';
import type { QuerySource } from '../rule-tests/series';
import { explained } from './explain';

export interface RemoteLokiOptions extends Pick<LokiClientOptions, 'tenant' | 'headers' | 'signal'> {
  /** Base URL of Loki, or of its gateway, without credentials. */
  readonly url: string;
}

/** Errors of queries over too much data, of which Loki may answer the halves. */
const TOO_MUCH =
  /maximum (number )?of series|exceeds the limit|exceeded maximum resolution|would read too many bytes|context deadline exceeded|timeout|timed out/i;

/** Pauses before retries, milliseconds; longer if Loki asks for it with `Retry-After`. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Timeout of one query, milliseconds: twice Loki's default. */
const TIMEOUT_MS = 120_000;

/** A running Loki in production: with retries, and with smaller queries where it has limits. */
export class RemoteLoki implements QuerySource {
  private readonly client: LokiClient;

  constructor(private readonly options: RemoteLokiOptions) {
    const { url, ...others } = options;
    this.client = new LokiClient(url, { ...others, timeoutMs: TIMEOUT_MS, pausesMs: PAUSES_MS });
  }

  /** Base URL, for messages. */
  get url(): string {
    return this.options.url;
  }

  /** Tenant of all requests. */
  get tenant(): string | undefined {
    return this.options.tenant;
  }

  /** Returns the same Loki, for another tenant. */
  as(tenant: string): RemoteLoki {
    return new RemoteLoki({ ...this.options, tenant });
  }

  /** Sends requests. @throws with Loki's reason, and what to do about it */
  async ask<T>(work: (client: LokiClient) => Promise<T>): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw explained(error, this.options);
    }
  }

  /** Returns the version of Loki. @throws if it does not respond */
  version(): Promise<string> {
    return this.ask(async (client) => {
      try {
        return await client.version();
      } catch (error) {
        if (error instanceof LokiRefusal && (error.status === 404 || error.status === 200))
          throw new Error(`no Loki at ${this.url}: ${error.message}: pass the base URL, without /loki/api/v1`);
        throw error;
      }
    });
  }

  /** Evaluates a query at one time, in Unix seconds. @throws with Loki's reason */
  query(query: string, time?: number): Promise<QueryResult> {
    return this.ask((client) => client.query(query, time));
  }

  /** Evaluates a metric query over a span of time. @throws with Loki's reason */
  queryRange(query: string, range: RangeQuery): Promise<QueryResult> {
    return this.ask(() => this.inParts(query, range));
  }

  private async inParts(query: string, range: RangeQuery): Promise<QueryResult> {
    try {
      return await this.client.queryRange(query, range);
    } catch (error) {
      const { start, end, step = 1 } = range;
      const points = Math.floor((end - start) / step) + 1;
      if (points <= 1 || !isTooMuch(error)) throw error;
      const middle = start + (Math.ceil(points / 2) - 1) * step;
      const early = await this.inParts(query, { ...range, end: middle });
      const late = await this.inParts(query, { ...range, start: middle + step });
      return { resultType: 'matrix', result: [...matrix(early), ...matrix(late)] };
    }
  }
}

function isTooMuch(error: unknown): boolean {
  return error instanceof LokiRefusal && (error.status === 504 || TOO_MUCH.test(error.reason));
}

function matrix(data: QueryResult): readonly MetricSeries[] {
  return data.resultType === 'matrix' ? data.result : [];
}
