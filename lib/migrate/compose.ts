import { substituteDefaults, variablesIn } from '../credentials';
import { type Found, join, leave, NOTHING } from './found';
import { nestedNames } from './names';
import { replacedByDefault } from './variables';

/** Images of programs that are part of the stack. Other images with similar names are different programs. */
const RUN_BY_THE_STACK = new Set([
  'grafana/loki',
  'grafana/promtail',
  'grafana/grafana',
  'grafana/grafana-oss',
  'grafana/grafana-enterprise',
  'prom/alertmanager',
  'prometheus/alertmanager',
  'bitnami/grafana-loki',
  'bitnami/promtail',
  'bitnami/grafana',
  'bitnami/alertmanager',
]);

/** Returns `prometheus/alertmanager` for `quay.io/prometheus/alertmanager:main`. */
function repositoryOf(image: string): string {
  const parts = image
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .split('/');
  const registry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '');
  return (registry ? parts.slice(1) : parts).join('/');
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are read.
type Document = any;

/** Returns whether a document is a file of docker-compose. */
export function isCompose({ services, configs }: Document): boolean {
  return Boolean(services || (configs && !Array.isArray(configs)));
}

/** Reads a file of docker-compose. @param readConfigs reads its `configs`, whose variables are replaced */
export function readCompose(document: Document, readConfigs: (configs: Document) => Found, file: string): Found {
  const { services, configs = {}, version: _, name: __, ...others } = document;
  const { value, taken } = interpolated(configs);
  const read = readConfigs({ configs: value });
  const entries = Object.entries<Service | null>(services ?? {});
  const hosts = entries.flatMap(([name, service]) => [name, ...otherNames(service)]);
  // Other files of docker-compose have nothing to do with alerting.
  if (read === NOTHING && entries.length > 0 && !entries.some(([name, service]) => isOfAlerting(name, service))) {
    return { ...NOTHING, services: hosts };
  }
  const unread = nestedNames({ ...others, ...(read === NOTHING ? { configs: document.configs } : {}) });
  return join([
    { ...NOTHING, services: hosts },
    leave(...entries.map(([name, service]) => serviceLeft(name, service ?? {}))),
    read,
    leave(
      ...taken.map((name) => replacedByDefault(name, file)),
      ...(unread.length > 0 ? [`fields of docker-compose in ${file}, not used here: ${unread.join(', ')}`] : []),
    ),
  ]);
}

interface Service {
  readonly image?: unknown;
  readonly container_name?: unknown;
  readonly hostname?: unknown;
  readonly networks?: unknown;
}

/** Returns the other names of a service in the networks of docker-compose. */
function otherNames(service: Service | null): string[] {
  const { container_name, hostname, networks } = service ?? {};
  const inNetworks = typeof networks === 'object' && networks !== null ? Object.values(networks) : [];
  return [container_name, hostname, ...inNetworks.flatMap((network: Document) => network?.aliases ?? [])].filter(
    (name) => typeof name === 'string',
  );
}

function isOfStack(service: Service | null): boolean {
  return typeof service?.image === 'string' && RUN_BY_THE_STACK.has(repositoryOf(service.image));
}

/** Returns whether a service is a program of the stack, possibly in an image that is built locally. */
function isOfAlerting(name: string, service: Service | null): boolean {
  return isOfStack(service) || /^(loki|promtail|alertmanager)$/.test(name);
}

function serviceLeft(name: string, { image, ...others }: Service): string {
  const what = isOfStack({ image }) ? 'part of the stack' : 'not part of the stack: deploy it separately';
  const settings = nestedNames(others);
  return `service ${name} (${typeof image === 'string' ? image : 'built locally'}): ${what}${settings.length > 0 ? `; not used here: ${settings.join(', ')}` : ''}`;
}

/** Replaces the variables that have a default, and `$$`, docker-compose's escape of a dollar sign. */
function interpolated(configs: Document): { readonly value: Document; readonly taken: readonly string[] } {
  const names = new Set<string>();
  const fill = (text: string) => {
    const { text: filled, taken } = substituteDefaults(text);
    for (const name of taken.flatMap(variablesIn)) names.add(name);
    return filled;
  };
  const value = JSON.parse(JSON.stringify(configs), (_name, item) =>
    typeof item === 'string' ? item.split('$$').map(fill).join('$') : item,
  );
  return { value, taken: [...names] };
}
