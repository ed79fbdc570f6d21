import { parse } from 'yaml';
import { LokiRefusal, NoAnswer } from '../engines';
import type { RuleGroup } from '../rules/model';
import { plainGroup } from '../rules/write';
import { shortened } from './explain';
import type { RemoteLoki } from './remote-loki';

/** A group as the ruler has stored it, possibly with fields of other versions of Loki. */
export type StoredGroup = Pick<RuleGroup, 'name' | 'interval' | 'limit'> & { readonly rules: readonly StoredRule[] };

/** A rule as the ruler has stored it. */
export type StoredRule = Readonly<Record<string, unknown>>;

/** The groups of a tenant by namespace. */
export type Namespaces = ReadonlyMap<string, readonly StoredGroup[]>;

/** Path of the API. https://grafana.com/docs/loki/v3.7.x/reference/loki-http-api/#ruler */
const PATH = '/loki/api/v1/rules';

/** Response to a tenant without rules; other responses with status 404 are not from the ruler. */
const NO_GROUPS = /no rule groups found|group does not exist|namespace does not exist/i;

/** The ruler's API for rule groups, of one tenant. */
export class RulerApi {
  constructor(private readonly loki: RemoteLoki) {}

  /** Returns all groups. @throws if the API is off, or with Loki's reason */
  async groups(): Promise<Namespaces> {
    const text = await this.request(PATH).catch((error) => {
      if (error instanceof LokiRefusal && isEmpty(error)) return '{}';
      throw error;
    });
    const all: unknown = parse(text);
    if (!isNamespaces(all)) throw new Error(`no rule groups from ${this.loki.url}${PATH}: ${shortened(text)}`);
    return new Map(Object.entries(all));
  }

  /** Creates or replaces a group, whole. @throws if it cannot be stored, with the fix */
  async set(namespace: string, group: RuleGroup): Promise<void> {
    await this.request(`${PATH}/${encodeURIComponent(namespace)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/yaml' },
      // JSON is YAML.
      body: JSON.stringify(plainGroup(group)),
    });
  }

  /** Deletes a group; one that no longer exists is not an error. @throws if it cannot be deleted, with the fix */
  async delete(namespace: string, group: string): Promise<void> {
    try {
      const path = `${PATH}/${encodeURIComponent(namespace)}/${encodeURIComponent(group)}`;
      await this.request(path, { method: 'DELETE' });
    } catch (error) {
      if (!(error instanceof LokiRefusal && error.status === 404 && NO_GROUPS.test(error.reason))) throw error;
    }
  }

  private request(path: string, init?: RequestInit): Promise<string> {
    return this.loki.ask(async (client) => {
      try {
        return await (await client.request(path, init)).text();
      } catch (error) {
        if (error instanceof NoAnswer && init) throw new NoAnswer(`${error.message} (the group may be written or not)`);
        throw error instanceof LokiRefusal ? this.explained(error, path, init?.method) : error;
      }
    });
  }

  private explained(error: LokiRefusal, path: string, method = 'GET'): Error {
    const { status, reason } = error;
    if (isEmpty(error) || (status === 404 && NO_GROUPS.test(reason))) return error;
    if (/unsupported in rule local store|unable to read rule dir/i.test(reason))
      return new Error(
        "the ruler reads its rules from files (storage type 'local'), and its API cannot change them: deploy the files of `rules export`, or configure object storage for the ruler",
      );
    if (status === 404 && (method === 'GET' || !/%2F/i.test(path)))
      return new Error(
        `no ruler API at ${this.loki.url} (404 to ${method} ${PATH}): set ruler.enable_api to true, or pass the URL of the gateway or of the ruler`,
      );
    if (status === 404 || (status === 405 && /%2F/i.test(path)))
      return new Error(`Loki cannot change groups with "/" in their name or namespace: rename them`);
    if (status === 405)
      return new Error(
        `the ruler API at ${this.loki.url} is read-only (405 to ${method}): allow ${method} in the gateway, or pass the URL of the ruler`,
      );
    return error;
  }
}

/** True if the tenant has no rules: of the `local` store, it has no folder then. */
function isEmpty({ status, reason }: LokiRefusal): boolean {
  return (status === 404 && NO_GROUPS.test(reason)) || (status === 400 && /unable to read rule dir/i.test(reason));
}

function isNamespaces(all: unknown): all is Record<string, StoredGroup[]> {
  const isGroup = (group: unknown) =>
    typeof group === 'object' && group !== null && 'name' in group && 'rules' in group && Array.isArray(group.rules);
  return (
    typeof all === 'object' &&
    all !== null &&
    Object.values(all).every((groups) => Array.isArray(groups) && groups.every(isGroup))
  );
}
