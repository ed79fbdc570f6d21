/** Returns the host name of a Service within the cluster. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc`;
}
