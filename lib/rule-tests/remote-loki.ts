import {
  LokiClient,
  type LokiClientOptions,
  LokiRefusal,
  type MetricSeries,
  type QueryResult,
  type RangeQuery,
} from '../engines';
import type { RangeSource } from './series';

export interface RemoteLokiOptions extends Pick<LokiClientOptions, 'tenant' | 'headers'> {
  /** Base URL of Loki, or of its gateway. */
  readonly url: string;
}

/** Errors of queries over too much data, of which Loki may answer the halves. */
const TOO_MUCH =
  /maximum (number )?of series|exceeds the limit|exceeded maximum resolution|would read too many bytes|context deadline exceeded|timeout|timed out/i;

/** Pauses before retries, milliseconds. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Timeout of one query, milliseconds: twice Loki's default. */
const TIMEOUT_MS = 120_000;

/** A running Loki in production: read only, with retries, and with smaller queries where it has limits. */
export class RemoteLoki implements RangeSource {
  private readonly url: string;
  private readonly client: LokiClient;

  constructor({ url, tenant, headers }: RemoteLokiOptions) {
    this.url = url;
    this.client = new LokiClient(url, { tenant, headers, timeoutMs: TIMEOUT_MS, pausesMs: PAUSES_MS });
  }

  /** Returns the version of Loki. @throws if it does not respond */
  version(): Promise<string> {
    return this.client.version().catch((error) => this.fail(error));
  }

  /** Evaluates a metric query over a span of time. @throws with Loki's reason */
  async queryRange(query: string, range: RangeQuery): Promise<QueryResult> {
    try {
      return await this.client.queryRange(query, range);
    } catch (error) {
      const { start, end, step = 1 } = range;
      const points = Math.floor((end - start) / step) + 1;
      if (points <= 1 || !isTooMuch(error)) return this.fail(error);
      const middle = start + (Math.ceil(points / 2) - 1) * step;
      const early = await this.queryRange(query, { ...range, end: middle });
      const late = await this.queryRange(query, { ...range, start: middle + step });
      return { resultType: 'matrix', result: [...matrix(early), ...matrix(late)] };
    }
  }

  private fail(error: unknown): never {
    if (error instanceof LokiRefusal && (error.status === 401 || error.status === 403)) {
      throw new Error(
        `Loki at ${this.url} responded with ${error.status}: set LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN; with several tenants, pass --tenant too`,
      );
    }
    throw error;
  }
}

function isTooMuch(error: unknown): boolean {
  return error instanceof LokiRefusal && (error.status === 504 || TOO_MUCH.test(error.reason));
}

function matrix(data: QueryResult): readonly MetricSeries[] {
  return data.resultType === 'matrix' ? data.result : [];
}
