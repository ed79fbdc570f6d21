/**
 * Every image and its pinned version, the one place that names it. The engines that run outside a cluster take their
 * versions from here too. docs/engines.md says what is generated anew when a line changes.
 */
export const images = {
  loki: 'grafana/loki:3.7.8',
  /** The last image that was built: Promtail reached its end of life on 2026-03-02. */
  promtail: 'grafana/promtail:3.6.11',
  /** The distribution for Kubernetes; runs as uid 10001 unless told otherwise. */
  openTelemetryCollector: 'otel/opentelemetry-collector-k8s:0.165.0',
  alertmanager: 'prom/alertmanager:v0.35.0',
  grafana: 'grafana/grafana:13.2.3',
  /** Web service and slack-inbox; listens on 8080 as uid 101. */
  nginx: 'nginxinc/nginx-unprivileged:1.31.6-alpine3.24',
  /** The log flood's client; runs as uid 100. */
  curl: 'curlimages/curl:8.22.0',
  /** Caches of a distributed Loki, where they are asked for: the version of Loki's own chart; runs as uid 11211. */
  memcached: 'memcached:1.6.39-alpine',
  /** In examples/gotify alone; never run by this project. */
  gotify: 'gotify/server:2.6.3',
  /** Only promtool is taken from it: the release nearest to the Prometheus that Loki embeds as its rule engine. */
  prometheus: 'prom/prometheus:v3.12.0',
  /** Object storage of tests, never in a cluster: the last image that was published. */
  minio: 'minio/minio:RELEASE.2025-09-07T16-13-09Z',
} as const;

/** Version of an image, as its program prints it: the tag without its `v`. */
export function imageVersion(name: keyof typeof images): string {
  return images[name].replace(/^.*:v?/, '');
}

/** Images of the stack; the others are for tests and an example. */
export type DeployedImage = Exclude<keyof typeof images, 'gotify' | 'prometheus' | 'minio'>;

export const DEPLOYED_IMAGES = Object.keys(images).filter(
  (name): name is DeployedImage => name !== 'gotify' && name !== 'prometheus' && name !== 'minio',
);

export interface ImageSources {
  /** Registry, and folder in it, that every image is pulled from by its own name: `registry.example.com/mirror`. */
  readonly imageRegistry?: string;
  /** References to be used instead of an image, as they are. */
  readonly images?: Readonly<Partial<Record<DeployedImage, string>>>;
}

/** The reference by which an image of this project is pulled. */
export function imageReference(image: string, { imageRegistry, images: own = {} }: ImageSources): string {
  const name = DEPLOYED_IMAGES.find((deployed) => images[deployed] === image);
  const instead = name && own[name];
  if (instead !== undefined) return instead;
  if (imageRegistry === undefined) return image;
  // Docker Hub's name for an image without an owner; a mirror keeps it.
  return `${imageRegistry}/${image.includes('/') ? image : `library/${image}`}`;
}
