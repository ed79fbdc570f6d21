import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { Path } from '../checks/findings';
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
  const visit = (value: unknown, path: Path, name: string) => {
    if (typeof value === 'string') {
      const wrong = ADDRESS.test(name) && !LINKS.has(name) ? lost(value, services) : undefined;
      if (wrong) found.push({ path, ...wrong, id: 'migrate-address' });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, [...path, index], name);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [field, item] of Object.entries(value)) {
        // Actions are buttons, and a payload is a text.
        if (field !== 'actions' && field !== 'payload' && field !== 'details') visit(item, [...path, field], field);
      }
    }
  };
  visit({ global: config.global, receivers: config.receivers }, [], '');
  return found;
}

function lost(address: string, services: readonly string[]): Pick<ToCorrect, 'problem' | 'fix'> | undefined {
  const host = hostOf(address);
  if (host === undefined) return undefined;
  if (LOOPBACK.test(host)) {
    return {
      problem: `leads to ${host}, which is Alertmanager's own pod here`,
      fix: 'write the address of a Service, e.g. http://name.namespace:8080',
    };
  }
  if (services.includes(host)) {
    return {
      problem: `leads to '${host}', a service of docker-compose that does not exist here`,
      fix: `deploy it, and write the address of its Service, e.g. http://${host}.namespace:8080`,
    };
  }
  if (!host.includes('.') && !host.includes(':')) {
    return {
      problem: `leads to '${host}', which is looked up in Alertmanager's own namespace, logging`,
      fix: `write the namespace too, e.g. ${host}.namespace`,
    };
  }
  return undefined;
}

/** The host of a URL, or of `host:port`; undefined where a template or a variable makes it. */
function hostOf(address: string): string | undefined {
  const [, authority = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*)/i.exec(address) ?? [];
  const host = authority.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return /^[\w.:-]+$/.test(host) ? host : undefined;
}
