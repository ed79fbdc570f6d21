import { type Found, leave } from './found';

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
export function readServices(services: any): Found {
  const entries = Object.entries<{ readonly image?: unknown } | null>(services ?? {});
  const left = entries.map(([name, service]) => {
    const image = typeof service?.image === 'string' ? service.image : 'built locally';
    const what = RUN_BY_THE_STACK.has(repositoryOf(image))
      ? 'part of the stack'
      : 'not part of the stack: deploy it separately';
    return `service ${name} (${image}): ${what}`;
  });
  return { ...leave(...left), services: entries.map(([name]) => name) };
}
