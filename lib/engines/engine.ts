import { OLDEST_ALERTMANAGER } from '../versions/alertmanager';
import { images, imageVersion } from '../versions/images';

/** A program that this project runs but does not ship. */
export type EngineName = 'loki' | 'promtail' | 'otelcol' | 'alertmanager' | 'promtool' | 'amtool' | 'minio';

/** Origin of an engine: environment variable, PATH, Docker image, build with Go, Debian package. */
export type EngineSource = 'environment' | 'path' | 'docker' | 'go' | 'debian';

/** An engine that can be run. */
export interface Engine {
  readonly name: EngineName;
  /** As the program prints it, for example `3.7.8`; `unknown` if it was built without one. */
  readonly version: string;
  readonly source: EngineSource;
  /** Absolute path of the program; for `docker` the path inside the image. */
  readonly path: string;
  /** Image that holds the program; only for `docker`. */
  readonly image?: string;
}

/** Receives progress messages while an engine is searched for, downloaded or built. */
export type OnProgress = (message: string) => void;

export interface EngineSpec {
  /** Environment variable with the path of the program; takes precedence over every other source. */
  readonly variable: string;
  /** Names to look for on PATH; Debian prefixes Alertmanager's. */
  readonly executables: readonly string[];
  /** Oldest version that accepts this project's configurations, and why. */
  readonly oldest: { readonly version: string; readonly reason: string };
  readonly docker: { readonly image: string; readonly path: string };
  readonly go: {
    /** Folder with go.mod and go.sum under `engines`. */
    readonly module: string;
    readonly package: string;
    /** Version that go.mod requires, as the program numbers its releases. */
    readonly version: string;
    /** Linker symbol of the version, for a program that is otherwise built without one. */
    readonly versionSymbol?: string;
    /** Duration of the first build in minutes, on two cores with empty Go caches. */
    readonly minutes: number;
    /** Go module without its built web UIs on the module proxy, and the pages to put in their place. */
    readonly webUi?: { readonly source: string; readonly pages: readonly string[] };
  };
  /** Debian packages that contain it in some suite, and its path there. Debian has neither Loki nor Promtail. */
  readonly debian?: { readonly packages: readonly string[]; readonly path: string };
}

const LOKI_VERSION = 'github.com/grafana/loki/v3/pkg/util/build.Version';
const PROMETHEUS_VERSION = 'github.com/prometheus/common/version.Version';

const OLDEST_AMTOOL = {
  version: OLDEST_ALERTMANAGER,
  reason: 'older versions lack notifier options that this project uses',
};

export const engineSpecs: Readonly<Record<EngineName, EngineSpec>> = {
  loki: {
    variable: 'LOKI_BIN',
    executables: ['loki'],
    oldest: { version: '3.7.0', reason: 'the configuration is written for 3.7, and Loki rejects unknown fields' },
    docker: { image: images.loki, path: '/usr/bin/loki' },
    go: {
      module: 'loki',
      package: 'github.com/grafana/loki/v3/cmd/loki',
      version: imageVersion('loki'),
      versionSymbol: LOKI_VERSION,
      minutes: 6,
    },
  },
  promtail: {
    variable: 'PROMTAIL_BIN',
    executables: ['promtail'],
    oldest: { version: '3.0.0', reason: 'older versions lack structured metadata' },
    docker: { image: images.promtail, path: '/usr/bin/promtail' },
    go: {
      module: 'promtail',
      package: 'github.com/grafana/loki/v3/clients/cmd/promtail',
      // The last tag with Promtail's source; the last image is four patch releases older.
      version: '3.6.15',
      versionSymbol: LOKI_VERSION,
      minutes: 4,
    },
  },
  otelcol: {
    variable: 'OTELCOL_BIN',
    // The other distributions lack the components that read pod logs.
    executables: ['otelcol-k8s', 'otelcol-contrib'],
    oldest: { version: '0.160.0', reason: 'older versions use other names for the configured components' },
    docker: { image: images.openTelemetryCollector, path: '/otelcol-k8s' },
    // A custom distribution with a tenth of the image's components; its version is in the generated code.
    go: { module: 'otelcol', package: '.', version: imageVersion('openTelemetryCollector'), minutes: 4 },
  },
  alertmanager: {
    variable: 'ALERTMANAGER_BIN',
    executables: ['alertmanager', 'prometheus-alertmanager'],
    oldest: OLDEST_AMTOOL,
    docker: { image: images.alertmanager, path: '/bin/alertmanager' },
    go: {
      module: 'alertmanager',
      package: 'github.com/prometheus/alertmanager/cmd/alertmanager',
      version: imageVersion('alertmanager'),
      versionSymbol: PROMETHEUS_VERSION,
      minutes: 2,
      webUi: {
        source: 'github.com/prometheus/alertmanager',
        pages: ['ui/app/dist/elm/index.html.gz', 'ui/app/dist/mantine/index.html.gz'],
      },
    },
    // Debian's build reads its default templates from /usr/share, so it only runs installed; it is then on PATH.
  },
  promtool: {
    variable: 'PROMTOOL_BIN',
    executables: ['promtool'],
    oldest: { version: '3.0.0', reason: "Loki's ruler embeds the rule engine of Prometheus 3" },
    docker: { image: images.prometheus, path: '/bin/promtool' },
    go: {
      module: 'promtool',
      package: 'github.com/prometheus/prometheus/cmd/promtool',
      version: imageVersion('prometheus'),
      versionSymbol: PROMETHEUS_VERSION,
      minutes: 4,
    },
    debian: { packages: ['promtool', 'prometheus'], path: 'usr/bin/promtool' },
  },
  amtool: {
    variable: 'AMTOOL_BIN',
    executables: ['amtool'],
    oldest: OLDEST_AMTOOL,
    docker: { image: images.alertmanager, path: '/bin/amtool' },
    go: {
      module: 'alertmanager',
      package: 'github.com/prometheus/alertmanager/cmd/amtool',
      version: imageVersion('alertmanager'),
      versionSymbol: PROMETHEUS_VERSION,
      minutes: 2,
    },
    debian: { packages: ['prometheus-alertmanager'], path: 'usr/bin/amtool' },
  },
  minio: {
    variable: 'MINIO_BIN',
    executables: ['minio'],
    oldest: { version: 'RELEASE.2023-01-02T09-40-09Z', reason: 'older versions use another format for a single disk' },
    docker: { image: images.minio, path: '/usr/bin/minio' },
    go: {
      module: 'minio',
      package: 'github.com/minio/minio',
      // A commit: the module proxy has no release.
      version: 'DEVELOPMENT.2026-02-12T20-18-48Z',
      versionSymbol: 'github.com/minio/minio/cmd.ReleaseTag',
      minutes: 5,
    },
  },
};

/** Names of all engines. */
export const engineNames = Object.keys(engineSpecs) as EngineName[];
