import { type Found, leave } from './found';

/** Images that are the stack's own programs; those that only have a part in the name are something else. */
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

/** `quay.io/prometheus/alertmanager:main` is `prometheus/alertmanager`. */
function repositoryOf(image: string): string {
  const parts = image
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .split('/');
  const registry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '');
  return (registry ? parts.slice(1) : parts).join('/');
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are looked at.
export function readServices(services: any): Found {
  const entries = Object.entries<{ readonly image?: unknown } | null>(services ?? {});
  const left = entries.map(([name, service]) => {
    const image = typeof service?.image === 'string' ? service.image : 'an image of its own';
    const what = RUN_BY_THE_STACK.has(repositoryOf(image)) ? 'the stack runs it' : 'an app, to be deployed by itself';
    return `service ${name} (${image}): ${what}`;
  });
  return { ...leave(...left), services: entries.map(([name]) => name) };
}
