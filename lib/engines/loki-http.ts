import { setTimeout as sleep } from 'node:timers/promises';

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
  /** Ends a pause before a retry; the request then fails with Loki's last answer. @default none */
  readonly signal?: AbortSignal;
}

/** Statuses of a busy Loki, or of a gateway whose Loki restarts: too many requests, none to ask, or a full queue. */
const BUSY = [429, 502, 503];

/**
 * Longest `Retry-After` that is waited for, milliseconds. Rate limits of Loki and Grafana Cloud are per second or
 * minute; who asks for more time does not expect a client that waits.
 */
const MAX_RETRY_AFTER_MS = 120_000;

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Requests to the HTTP API of Loki: tenant, authentication, and retries while it is busy. */
export class LokiHttp {
  private readonly url: string;

  /** @param url base URL of Loki, or of the gateway in front of it */
  constructor(
    url: string,
    private readonly options: LokiClientOptions = {},
  ) {
    this.url = url.replace(/\/$/, '');
  }

  /** Field `data` of a JSON response. @throws with Loki's reason */
  async data<T>(route: string, parameters?: Parameters): Promise<T> {
    return (await this.get<{ data: T }>(route, parameters)).data;
  }

  /** A JSON response. @throws with Loki's reason */
  async get<T>(route: string, parameters: Parameters = {}): Promise<T> {
    const given = Object.entries(parameters).flatMap<[string, string]>(([key, value]) =>
      value === undefined ? [] : [[key, `${value}`]],
    );
    const response = await this.request(given.length > 0 ? `${route}?${new URLSearchParams(given)}` : route);
    const text = await response.text();
    try {
      return JSON.parse(text) as T;
    } catch {
      // A login page, for instance.
      throw new LokiRefusal(response.status, `not JSON: ${text.trim().slice(0, 80)}`, route);
    }
  }

  /** Sends a request, and repeats it while Loki is busy. @throws with Loki's reason */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const { tenant, headers: own, timeoutMs, pausesMs = [], signal: cancel } = this.options;
    const headers = { ...own, ...init.headers, ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }) };
    for (let attempt = 0; ; attempt++) {
      const signal = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
      const response = await fetch(this.url + path, { ...init, headers, signal }).catch((error) => {
        throw new NoAnswer(`no Loki answers at ${this.url}: ${error.cause?.message ?? error.message}`);
      });
      if (response.ok) return response;
      const [route = path] = path.split('?');
      const refusal = new LokiRefusal(response.status, (await response.text()).trim(), route);
      const planned = BUSY.includes(response.status) ? pausesMs[attempt] : undefined;
      const pauseMs = planned === undefined ? undefined : Math.max(planned, retryAfterMs(response.headers) ?? 0);
      if (pauseMs === undefined || pauseMs > MAX_RETRY_AFTER_MS || cancel?.aborted) throw refusal;
      await sleep(pauseMs, undefined, { signal: cancel }).catch(() => {
        throw refusal;
      });
    }
  }
}

/** Milliseconds of `Retry-After`, which is in seconds or a date; undefined if it is missing or neither. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds * 1000);
}
