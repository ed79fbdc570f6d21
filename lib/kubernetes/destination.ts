/** Where pods connect to. */
export interface Destination {
  readonly port: number;
  /** Namespace of the Service, for one of the cluster. @default any address */
  readonly namespace?: string;
  /** Its name. */
  readonly service?: string;
}

/** Port of a URL, also where it is the scheme's own. */
export function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'http:' ? 80 : 443);
}

/**
 * Where a URL leads.
 * @param ownNamespace that of the pods, in which a host without dots is
 */
export function destinationOf(url: string, ownNamespace: string): Destination {
  return destinationAt(new URL(url).hostname, portOf(url), ownNamespace);
}

/** The same of a host: `service`, `service.namespace.svc`, or that with the cluster's domain behind it. */
export function destinationAt(host: string, port: number, ownNamespace: string): Destination {
  if (/^[a-z0-9-]*[a-z][a-z0-9-]*$/.test(host) && host !== 'localhost') {
    return { service: host, namespace: ownNamespace, port };
  }
  const { service, namespace } =
    /^(?<service>[a-z0-9-]+)\.(?<namespace>[a-z0-9-]+)\.svc(\.|$)/.exec(host)?.groups ?? {};
  return service && namespace ? { service, namespace, port } : { port };
}
