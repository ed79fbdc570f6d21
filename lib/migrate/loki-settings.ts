import { POD_SETTINGS } from '../kubernetes/pod-options-schema';

/** What is taken over of a configuration of Loki, and of the chart's values around it. */
export interface LokiSettings {
  readonly retention?: string;
  readonly evaluationInterval?: string;
  /** Size of the volume. */
  readonly storage?: string;
  readonly storageClassName?: string;
}

/** What was taken, and what was not, with what takes its place. */
export interface ReadSettings {
  readonly settings: LokiSettings;
  readonly left: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a configuration of another system, of which only some fields are looked at.
type Fields = any;

/** Settings of the ruler that mean something to the alerts. Their values may hold passwords and are not shown. */
const RULER: Readonly<Record<string, string>> = {
  external_url: 'alerts link to Grafana: write the address that people open it by as grafanaUrl in main.ts',
  alertmanager_url: "Loki tells the stack's own Alertmanager, which runs your alertmanager.yml if you gave it",
  remote_write: 'the ruler writes to no Prometheus, and recording rules are refused: keep them where they are',
};

/** @param file where it stands, for what is left */
export function lokiSettings(config: Fields, file: string): ReadSettings {
  const { limits_config, table_manager, ruler, ...others } = config as Record<string, Fields>;
  const { retention_period, ...limits } = limits_config ?? {};
  const { retention_deletes_enabled, retention_period: tablePeriod, ...tables } = table_manager ?? {};
  const { evaluation_interval, ...rulerOthers } = ruler ?? {};
  const retention = retention_period ?? (retention_deletes_enabled ? tablePeriod : undefined);
  const forEver = /^0[a-z]*$/.test(`${retention}`);
  const limitNames = Object.keys(limits);
  const tenants = others.auth_enabled === true;
  const unnamed = [
    ...Object.keys(others).filter((name) => name !== 'auth_enabled'),
    ...Object.keys(tables).map((name) => `table_manager.${name}`),
    ...Object.keys(rulerOthers)
      .filter((name) => !(name in RULER))
      .map((name) => `ruler.${name}`),
  ];
  return {
    settings: {
      ...(retention && !forEver ? { retention: `${retention}` } : {}),
      ...(evaluation_interval ? { evaluationInterval: `${evaluation_interval}` } : {}),
    },
    left: [
      ...(forEver ? [`retention for ever in ${file}: the stack keeps logs for a time: write loki.retention`] : []),
      ...(tenants ? [`auth_enabled in ${file}: tenants are an option, see docs/tenants.md`] : []),
      ...Object.entries(RULER)
        .filter(([name]) => name in rulerOthers)
        .map(([name, instead]) => `ruler.${name} in ${file}: ${instead}`),
      ...(limitNames.length > 0
        ? [`limits_config in ${file}: write what you need of ${limitNames.join(', ')} as loki.limits in main.ts`]
        : []),
      ...(unnamed.length > 0
        ? [`the rest of Loki's configuration in ${file}, which the stack writes itself: ${unnamed.join(', ')}`]
        : []),
    ],
  };
}

/** Values of the chart that are settings of pods here, by the same names. */
const OF_PODS = Object.keys(POD_SETTINGS);

/** The values of Loki in the chart loki-stack. */
export function chartSettings(loki: Fields, file: string): ReadSettings {
  const { enabled: _, alerting_groups: __, config, persistence, ...others } = loki as Record<string, Fields>;
  const { enabled = true, size, storageClassName, ...volume } = persistence ?? {};
  const ofPods = Object.keys(others).filter((name) => OF_PODS.includes(name));
  const unnamed = [
    ...Object.keys(others).filter((name) => !OF_PODS.includes(name)),
    ...Object.keys(volume).map((name) => `persistence.${name}`),
  ];
  const { settings, left } = lokiSettings(config ?? {}, file);
  return {
    settings: {
      ...settings,
      ...(enabled && size ? { storage: `${size}` } : {}),
      ...(enabled && storageClassName ? { storageClassName: `${storageClassName}` } : {}),
    },
    left: [
      ...left,
      ...(ofPods.length > 0
        ? [
            `values of loki in ${file}: write what you need of ${ofPods.join(', ')} as pods.loki in main.ts, see docs/customizing.md`,
          ]
        : []),
      ...(unnamed.length > 0 ? [`values of loki in ${file} that have no option here: ${unnamed.join(', ')}`] : []),
    ],
  };
}
