import { createHash } from 'node:crypto';

/**
 * A pod-template annotation that changes with the configuration: Kubernetes does not restart pods when a ConfigMap
 * changes, a changed template does it.
 */
export function checksumAnnotation(data: Readonly<Record<string, string>>): Record<string, string> {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(data).sort()));
  return { 'checksum/config': hash.digest('hex') };
}
