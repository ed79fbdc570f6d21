import { portOf } from '../kubernetes/destination';
import type { EnvVar } from '../kubernetes/pod-fields';

/** An S3-compatible bucket, and the identity with which Loki uses it. */
export interface ObjectStorage {
  /** Base URL of the service, e.g. `https://s3.eu-central-1.amazonaws.com` or `http://minio.minio.svc:9000`. */
  readonly endpoint: string;
  /** Region that requests are signed for; services without regions accept any, such as `us-east-1`. */
  readonly region: string;
  /** Name of the bucket, which must exist: Loki does not create it. */
  readonly bucket: string;
  /** Secret with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. @default workload identity, see below */
  readonly credentialsSecret?: string;
  /**
   * Annotations of the service account that give its pods an identity, e.g.
   * `{ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::…:role/loki' }`. Either these or `credentialsSecret`. @default none
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** Keys of the Secret; the S3 client reads environment variables of the same names. */
export const CREDENTIAL_KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;

/**
 * Returns Loki's configuration of the bucket; credentials come from the environment or the cloud's identity service.
 */
export function s3Config({ endpoint, region, bucket }: ObjectStorage) {
  const { host, protocol } = new URL(endpoint);
  return { endpoint: host, region, bucket_name: bucket, insecure: protocol === 'http:' };
}

/** Returns the TCP ports of the service and of the cloud's identity service. */
export function objectStoragePorts({ endpoint, serviceAccountAnnotations }: ObjectStorage): number[] {
  const own = portOf(endpoint);
  return serviceAccountAnnotations === undefined || own === 443 ? [own] : [own, 443];
}

/** Returns the environment variables with the credentials. */
export function credentialsEnv({ credentialsSecret }: ObjectStorage): EnvVar[] {
  if (credentialsSecret === undefined) return [];
  return CREDENTIAL_KEYS.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: credentialsSecret, key } },
  }));
}
