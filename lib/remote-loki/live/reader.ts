import { type LokiClient, LokiRefusal, type RulerGroup, type Span } from '../../engines';
import { OWN_TENANT } from '../../rules/tenant';
import { Denied, isWithoutTenant } from '../explain';
import type { RemoteLoki } from '../remote-loki';
import { type Namespaces, RulerApi } from '../ruler-api';

export type Labels = Readonly<Record<string, string>>;

/** A field that Loki found in sampled lines. */
export interface DetectedField {
  readonly label: string;
  /** Parsers that extract it, e.g. `logfmt`; none for structured metadata. */
  readonly parsers: readonly string[];
}

interface Limits {
  readonly limits?: { readonly max_query_series?: number };
}

/** One evaluation of an expression. */
export interface Evaluation {
  /** Number of series of the result. */
  readonly series: number;
  /** Value of the first series. */
  readonly value: number;
  /** Bytes of logs that were read. */
  readonly bytes: number;
  /** Time in the queue and of the execution. */
  readonly seconds: number;
}

/** Default of `max_query_series`, for a Loki that does not publish its limits. */
const MAX_QUERY_SERIES = 500;

/** Number of lines that fields are looked for in: Loki reads this many of the newest, and no more. */
const SAMPLED_LINES = 1000;

/** Statuses of a Loki that does not have a part of the API: too old, switched off, or not passed by the gateway. */
const UNSUPPORTED: ReadonlySet<number> = new Set([404, 405, 501]);

/** Streams, fields, limits and rules of one tenant of a running Loki. Each request is sent once. */
export class LiveReader {
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(
    private readonly loki: RemoteLoki,
    /** Time of all requests, Unix seconds. */
    readonly nowS: number = Math.floor(Date.now() / 1000),
  ) {}

  /** Span of time that ends now. */
  last(seconds: number): Span {
    return { start: this.nowS - seconds, end: this.nowS };
  }

  /** Label sets of the streams that a selector matches. */
  async series(selector: string, span: Span): Promise<readonly Labels[]> {
    return (await this.data<readonly Labels[] | null>('/loki/api/v1/series', { 'match[]': selector, ...span })) ?? [];
  }

  async labelNames(span: Span): Promise<readonly string[]> {
    return (await this.data<readonly string[] | null>('/loki/api/v1/labels', { ...span })) ?? [];
  }

  async labelValues(name: string, span: Span): Promise<readonly string[]> {
    return (await this.data<readonly string[] | null>(`/loki/api/v1/label/${name}/values`, { ...span })) ?? [];
  }

  /** Fields of sampled lines; undefined if this Loki cannot find them. */
  async fields(query: string, span: Span): Promise<readonly DetectedField[] | undefined> {
    const parameters = { query, ...span, line_limit: SAMPLED_LINES };
    type Fields = { fields?: { label: string; parsers: string[] | null }[] | null };
    const found = await this.optional(() => this.get<Fields>('/loki/api/v1/detected_fields', parameters));
    return found && (found.fields ?? []).map(({ label, parsers }) => ({ label, parsers: parsers ?? [] }));
  }

  /** Bytes of the streams that a selector matches, of the chunks in the index; undefined if it is unknown. */
  async bytes(selector: string, span: Span): Promise<number | undefined> {
    const parameters = { query: selector, ...span };
    return (await this.optional(() => this.get<{ bytes: number }>('/loki/api/v1/index/stats', parameters)))?.bytes;
  }

  /** Evaluates an expression once, as the ruler does. @throws with Loki's reason */
  async evaluate(expr: string): Promise<Evaluation> {
    type Answer = {
      data: {
        result: [number, string] | { value: [number, string] }[];
        resultType: string;
        stats?: { summary?: { totalBytesProcessed?: number; execTime?: number; queueTime?: number } };
      };
    };
    const { data } = await this.get<Answer>('/loki/api/v1/query', { query: expr, time: this.nowS });
    const { totalBytesProcessed = 0, execTime = 0, queueTime = 0 } = data.stats?.summary ?? {};
    const values = data.resultType === 'vector' ? (data.result as { value: [number, string] }[]) : [];
    const value = Number(values[0]?.value[1] ?? 0);
    return { series: values.length, value, bytes: totalBytesProcessed, seconds: execTime + queueTime };
  }

  /** Expression as Loki prints it; undefined if this Loki cannot print it. */
  async formatted(query: string): Promise<string | undefined> {
    return this.optional(() => this.data<string>('/loki/api/v1/format_query', { query }));
  }

  /** Maximum number of series of one evaluation. */
  async maxSeries(): Promise<number> {
    const found = await this.once('limits', () => this.optional(() => this.limits()));
    return found?.limits?.max_query_series || MAX_QUERY_SERIES;
  }

  /** Limits of the tenant. A Loki without tenants requires one here too, unlike in every other request. */
  private limits(): Promise<Limits> {
    const read = (client: LokiClient) => client.get<Limits>('/loki/api/v1/drilldown-limits');
    return this.loki.ask((client) =>
      read(client).catch((error) => {
        if (isWithoutTenant(error)) return this.loki.as(OWN_TENANT).ask(read);
        throw error;
      }),
    );
  }

  /** Groups that the ruler has loaded, with their state; undefined if its API is off, or the token may only read logs. */
  async loaded(): Promise<readonly RulerGroup[] | undefined> {
    type Groups = { groups?: readonly RulerGroup[] | null };
    const found = await this.optional(() => this.data<Groups>('/prometheus/api/v1/rules')).catch((error) => {
      if (error instanceof Denied) return undefined;
      throw error;
    });
    return found && (found.groups ?? []);
  }

  /** Groups that the ruler has stored; undefined if they cannot be read. */
  async stored(): Promise<Namespaces | undefined> {
    // The API is off, or the token may only read logs: then only the loaded rules are compared.
    return this.once('stored', () => new RulerApi(this.loki).groups().catch(() => undefined));
  }

  private async data<T>(route: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<T> {
    return (await this.get<{ data: T }>(route, parameters)).data;
  }

  private get<T>(route: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<T> {
    return this.once(JSON.stringify([route, parameters]), () =>
      this.loki.ask((client) => client.get<T>(route, parameters)),
    );
  }

  private once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.answers.get(key) ?? read();
    this.answers.set(key, known);
    return known as Promise<T>;
  }

  /** Result of a request to a part of the API that this Loki may not have. */
  private async optional<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof LokiRefusal && UNSUPPORTED.has(error.status)) return undefined;
      throw error;
    }
  }
}
