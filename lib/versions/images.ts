/**
 * Every image with its pinned version. The engines that run outside a cluster have the same versions. docs/engines.md
 * lists what to regenerate after a change.
 */
export const images = {
  loki: 'grafana/loki:3.7.8',
  /** The last release: Promtail reached its end of life on 2026-03-02. */
  promtail: 'grafana/promtail:3.6.11',
  /** The distribution for Kubernetes; runs as uid 10001 by default. */
  openTelemetryCollector: 'otel/opentelemetry-collector-k8s:0.165.0',
  alertmanager: 'prom/alertmanager:v0.35.0',
  grafana: 'grafana/grafana:13.2.3',
  /** Web service and slack-inbox; listens on 8080 as uid 101. */
  nginx: 'nginxinc/nginx-unprivileged:1.31.6-alpine3.24',
  /** The log spammer's client; runs as uid 100. */
  curl: 'curlimages/curl:8.22.0',
  /** Optional caches of a distributed Loki, in the version of Loki's Helm chart; runs as uid 11211. */
  memcached: 'memcached:1.6.39-alpine',
  /** Only for promtool: the release closest to the Prometheus that Loki embeds as its rule engine. */
  prometheus: 'prom/prometheus:v3.12.0',
  /** Object storage in tests, never in a cluster: the last image that was published. */
  minio: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
} as const;

/** Returns the version of an image as its program prints it: the tag without `v`. */
export function imageVersion(name: keyof typeof images): string {
  return tagOf(images[name]).replace(/^v/, '');
}

/** Returns the tag of an image, which may be pinned by digest as well. */
export function tagOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/^.*:/, '');
}

/** Images of the stack; the others are for tests. */
export type DeployedImage = Exclude<keyof typeof images, 'prometheus' | 'minio'>;

export const DEPLOYED_IMAGES = Object.keys(images).filter(
  (name): name is DeployedImage => name !== 'prometheus' && name !== 'minio',
);

export interface ImageSources {
  /** Registry, with an optional path, of all images, e.g. `registry.example.com/mirror`. @default Docker Hub */
  readonly imageRegistry?: string;
  /** References that replace those of some images. @default none */
  readonly images?: Readonly<Partial<Record<DeployedImage, string>>>;
}

/** Returns the reference by which an image of this project is pulled. */
export function imageReference(image: string, { imageRegistry, images: own = {} }: ImageSources): string {
  const name = DEPLOYED_IMAGES.find((deployed) => images[deployed] === image);
  const override = name && own[name];
  if (override !== undefined) return override;
  if (imageRegistry === undefined) return image;
  // Docker Hub's full name of an image without an owner, which mirrors keep.
  return `${imageRegistry}/${image.includes('/') ? image : `library/${image}`}`;
}
