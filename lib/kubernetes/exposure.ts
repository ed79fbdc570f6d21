import type { Component } from './component';
import { type GatewayOptions, httpRoute } from './http-route';
import { type IngressOptions, ingress } from './ingress';
import type { Flow } from './network-policies';

/** Options that expose a program to users outside the cluster. */
export interface ExposureOptions {
  /** Ingress to the program. @default none */
  readonly ingress?: IngressOptions;
  /** HTTPRoute of a Gateway to the program. @default none */
  readonly gateway?: GatewayOptions;
}

/** Returns the public host names, that of the Ingress first. */
export function exposedHosts({ ingress, gateway }: ExposureOptions = {}): string[] {
  return [ingress?.host, gateway?.host].filter((host) => host !== undefined);
}

/** Returns the public base URL; undefined if the program is not exposed. */
export function exposedUrl(options?: ExposureOptions): string | undefined {
  const [host] = exposedHosts(options);
  return host && `https://${host}`;
}

/** Creates the Ingress and the HTTPRoute; returns the connections that they need. */
export function expose(to: Component, options: ExposureOptions = {}): Flow[] {
  if (options.ingress) ingress(to, options.ingress);
  if (options.gateway) httpRoute(to, options.gateway);
  const namespaces = [options.ingress?.namespace, options.gateway?.namespace].filter((name) => name !== undefined);
  return [...new Set(namespaces)].map((namespace) => ({ from: { namespace }, to, port: 'http' }));
}
