import { credentialsEnv, objectStoragePorts, s3Config } from '../../lib/loki/object-storage';

const BUCKET = { region: 'eu-central-1', bucket: 'logs' };
const IDENTITY = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/loki' };

test.each([
  ['https://s3.eu-central-1.amazonaws.com', 's3.eu-central-1.amazonaws.com', false, [443]],
  ['https://s3.example.com:9443', 's3.example.com:9443', false, [9443]],
  ['http://minio.minio.svc:9000', 'minio.minio.svc:9000', true, [9000]],
  ['http://minio.minio.svc', 'minio.minio.svc', true, [80]],
])('configures %s', (endpoint, host, insecure, ports) => {
  const storage = { ...BUCKET, endpoint, credentialsSecret: 'a' };

  expect(s3Config(storage)).toEqual({ endpoint: host, region: 'eu-central-1', bucket_name: 'logs', insecure });
  expect(objectStoragePorts(storage)).toEqual(ports);
});

test('workload identity needs HTTPS to the identity service, and no environment variables', () => {
  const storage = { ...BUCKET, endpoint: 'http://minio.minio.svc:9000', serviceAccountAnnotations: IDENTITY };

  expect(objectStoragePorts(storage)).toEqual([9000, 443]);
  expect(credentialsEnv(storage)).toEqual([]);
});

test('passes a Secret as environment variables', () => {
  expect(credentialsEnv({ ...BUCKET, endpoint: 'https://s3.example.com', credentialsSecret: 'bucket' })).toEqual([
    {
      name: 'AWS_ACCESS_KEY_ID',
      valueFrom: { secretKeyRef: { name: 'bucket', key: 'AWS_ACCESS_KEY_ID' } },
    },
    {
      name: 'AWS_SECRET_ACCESS_KEY',
      valueFrom: { secretKeyRef: { name: 'bucket', key: 'AWS_SECRET_ACCESS_KEY' } },
    },
  ]);
});
