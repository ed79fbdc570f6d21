import type { AlertmanagerConfig } from '../alertmanager/config/config';
import type { Path } from '../checks/findings';
import type { ToCorrect } from './credentials';

/** Fields with an address to connect to; links in messages are excluded, since users open those. */
const ADDRESS = /(^|_)(url|smarthost|brokers)$/;
const LINKS = new Set(['app_url', 'icon_url', 'image_url', 'thumb_url', 'client_url']);

/** Hosts that mean the machine itself, which is a pod here. */
const LOOPBACK =
  /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|::1|host\.docker\.internal|gateway\.docker\.internal)$/i;

/**
 * Finds addresses of receivers that only exist in the network of the old system.
 * @param services services of docker-compose
 */
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
        // Actions contain links for users; payload and details are texts.
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
      problem: `connects to ${host}, which is Alertmanager's own pod here`,
      fix: 'use the address of a Service, e.g. http://name.namespace:8080',
    };
  }
  if (services.includes(host)) {
    return {
      problem: `connects to '${host}', a service of docker-compose that does not exist here`,
      fix: `deploy it, and use the address of its Service, e.g. http://${host}.namespace:8080`,
    };
  }
  if (!host.includes('.') && !host.includes(':')) {
    return {
      problem: `connects to '${host}', which resolves in Alertmanager's own namespace, logging`,
      fix: `add the namespace, e.g. ${host}.namespace`,
    };
  }
  return undefined;
}

/** Returns the host of a URL or of `host:port`; undefined if a template or a variable contains it. */
function hostOf(address: string): string | undefined {
  const [, authority = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^/?#]*)/i.exec(address) ?? [];
  const host = authority.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  return /^[\w.:-]+$/.test(host) ? host : undefined;
}
