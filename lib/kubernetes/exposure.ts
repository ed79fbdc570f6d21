import type { Component } from './component';
import { type GatewayOptions, httpRoute } from './http-route';
import { type IngressOptions, ingress } from './ingress';
import type { Flow } from './network-policies';

/** Ways into a program for people outside the cluster. */
export interface ExposureOptions {
  /** An Ingress in front of it. @default none */
  readonly ingress?: IngressOptions;
  /** A route of a Gateway to it. @default none */
  readonly gateway?: GatewayOptions;
}

/** Hosts that people open; the Ingress's first. */
export function exposedHosts({ ingress, gateway }: ExposureOptions = {}): string[] {
  return [ingress?.host, gateway?.host].filter((host) => host !== undefined);
}

/** Base URL as people open it, if they can. */
export function exposedUrl(options?: ExposureOptions): string | undefined {
  const [host] = exposedHosts(options);
  return host && `https://${host}`;
}

/** Makes them; returns the connections that they need. */
export function expose(to: Component, options: ExposureOptions = {}): Flow[] {
  if (options.ingress) ingress(to, options.ingress);
  if (options.gateway) httpRoute(to, options.gateway);
  const namespaces = [options.ingress?.namespace, options.gateway?.namespace].filter((name) => name !== undefined);
  return [...new Set(namespaces)].map((namespace) => ({ from: { namespace }, to, port: 'http' }));
}
