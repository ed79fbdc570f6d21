import type { AlertmanagerConfig } from '../alertmanager/config';
import { fieldPath, itemPath } from '../alertmanager/report';
import type { ToCorrect } from './credentials';

/** Fields that hold an address to connect to; links in messages are for people, who may well have them. */
const ADDRESS = /(^|_)(url|smarthost|brokers)$/;
const LINKS = new Set(['app_url', 'icon_url', 'image_url', 'thumb_url', 'client_url']);

/** The machine itself, which is a pod here. */
const LOOPBACK =
  /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1|host\.docker\.internal|gateway\.docker\.internal)$/i;

/** Where receivers connect to what only the old system's network knows. @param services of docker-compose */
export function lostAddresses(config: AlertmanagerConfig, services: readonly string[]): ToCorrect[] {
  const found: ToCorrect[] = [];
  const visit = (value: unknown, path: string, name: string) => {
    if (typeof value === 'string') {
      const message = ADDRESS.test(name) && !LINKS.has(name) ? lost(value, services) : undefined;
      if (message !== undefined) found.push({ path, message, id: 'migrate-address' });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, itemPath(path, index), name);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [field, item] of Object.entries(value)) {
        // Actions are buttons, and a payload is a text.
        if (field !== 'actions' && field !== 'payload' && field !== 'details')
          visit(item, fieldPath(path, field), field);
      }
    }
  };
  visit({ global: config.global, receivers: config.receivers }, '', '');
  return found;
}

function lost(address: string, services: readonly string[]): string | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  if (LOOPBACK.test(host)) {
    return `leads to ${host}, which is Alertmanager's own pod here: write the address of a Service, as in http://name.namespace:8080`;
  }
  if (services.includes(host)) {
    return `leads to '${host}', a service of docker-compose, which nothing here is called: deploy it, and write the address of its Service, as in http://${host}.namespace:8080`;
  }
  if (!host.includes('.') && !host.includes(':')) {
    return `leads to '${host}', which is looked for in Alertmanager's own namespace, logging: write the namespace too, as in ${host}.namespace`;
  }
  return undefined;
}

/** The host of a URL, or of `host:port`; undefined where a template or a variable makes it. */
function hostOf(address: string): string | undefined {
  const [, authority = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*)/i.exec(address) ?? [];
  const host = authority.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return /^[\w.:-]+$/.test(host) ? host : undefined;
}
