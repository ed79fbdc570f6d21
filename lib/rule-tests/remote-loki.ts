import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricSeries, QueryResult, RangeQuery } from '../engines';
import { LokiRefusal } from '../engines';
import type { RangeSource } from './series';

export interface RemoteLokiOptions {
  /** Base URL of Loki or of the gateway before it. */
  readonly url: string;
  /** Value of `X-Scope-OrgID`. @default none */
  readonly tenant?: string;
  /** Headers of every request, for authentication. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Loki says when a query asks for too much at once; half of it may be answered. */
const TOO_MUCH =
  /maximum (number )?of series|exceeds the limit|exceeded maximum resolution|would read too many bytes|context deadline exceeded|timeout|timed out/i;

/** Waits before asking a busy Loki again, milliseconds. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** How long one query may take, milliseconds: Loki's own default is one minute. */
const TIMEOUT_MS = 120_000;

/** Somebody's running Loki: only read, with patience, and in pieces where it has limits. */
export class RemoteLoki implements RangeSource {
  constructor(private readonly options: RemoteLokiOptions) {}

  /** What the Loki says of itself. @throws if nothing that answers is there */
  async version(): Promise<string> {
    const response = await this.get('/loki/api/v1/status/buildinfo', {});
    return ((await response.json()) as { version?: string }).version || 'unknown';
  }

  /** Evaluates a metric query over a span of time. @throws with Loki's reason */
  async queryRange(query: string, range: RangeQuery): Promise<QueryResult> {
    const response = await this.get('/loki/api/v1/query_range', { query, ...range });
    if (response.ok) return ((await response.json()) as { data: QueryResult }).data;
    const reason = (await response.text()).trim();
    const { start, end, step = 1 } = range;
    const points = Math.floor((end - start) / step) + 1;
    const tooMuch = TOO_MUCH.test(reason) || response.status === 504;
    if (!tooMuch || points <= 1) throw new LokiRefusal(response.status, `Loki answered ${response.status}: ${reason}`);
    const middle = start + (Math.ceil(points / 2) - 1) * step;
    const early = await this.queryRange(query, { ...range, end: middle });
    const late = await this.queryRange(query, { ...range, start: middle + step });
    return { resultType: 'matrix', result: [...matrix(early), ...matrix(late)] };
  }

  private async get(path: string, parameters: object): Promise<Response> {
    const { url, tenant, headers } = this.options;
    const query = new URLSearchParams(
      Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const all = { ...headers, ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }) };
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(`${url.replace(/\/$/, '')}${path}?${query}`, {
        headers: all,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((error) => {
        throw new Error(`no Loki answers at ${url}: ${error.cause?.message ?? error.message}`);
      });
      const busy = response.status === 429 || response.status === 503;
      if (response.status === 401 || response.status === 403) {
        throw new Error(
          `Loki at ${url} answered ${response.status}: set LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN; --tenant where it has tenants`,
        );
      }
      if (!busy || attempt >= PAUSES_MS.length) return response;
      await sleep(PAUSES_MS[attempt]);
    }
  }
}

function matrix(data: QueryResult): readonly MetricSeries[] {
  return data.resultType === 'matrix' ? data.result : [];
}
