/** Host name of a Service, as pods of the cluster reach it. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc`;
}
