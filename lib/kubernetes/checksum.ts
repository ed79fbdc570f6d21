import { createHash } from 'node:crypto';

/**
 * Returns an annotation of the pod template that changes with the configuration, to roll out the pods: Kubernetes does
 * not restart pods when a ConfigMap changes.
 */
export function checksumAnnotation(data: Readonly<Record<string, string>>): Record<string, string> {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(data).sort()));
  return { 'checksum/config': hash.digest('hex') };
}
