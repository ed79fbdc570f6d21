/** A destination of connections of pods. */
export interface Destination {
  readonly port: number;
  /** Namespace of the Service, for a destination in the cluster. @default any address */
  readonly namespace?: string;
  /** Name of the Service. */
  readonly service?: string;
}

/** Returns the port of a URL, or the default port of its scheme. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'http:' ? 80 : 443);
}

/**
 * Returns the destination of a URL.
 * @param ownNamespace namespace of the pods, in which a host without dots is resolved
 */
export function destinationOf(url: string, ownNamespace: string): Destination {
  return destinationAt(new URL(url).hostname, portOf(url), ownNamespace);
}

/** Returns the destination of a host: `service`, `service.namespace.svc`, or the same with the cluster domain. */
export function destinationAt(host: string, port: number, ownNamespace: string): Destination {
  if (/^[a-z0-9-]*[a-z][a-z0-9-]*$/.test(host) && host !== 'localhost') {
    return { service: host, namespace: ownNamespace, port };
  }
  const { service, namespace } =
    /^(?<service>[a-z0-9-]+)\.(?<namespace>[a-z0-9-]+)\.svc(\.|$)/.exec(host)?.groups ?? {};
  return service && namespace ? { service, namespace, port } : { port };
}
