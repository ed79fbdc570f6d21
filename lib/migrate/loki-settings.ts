import { substituteDefaults, variablesIn } from '../credentials';
import { LIMIT_NAMES, type LokiLimits, lokiLimits } from '../loki/tenant-limits';
import { checkOptions } from '../validate/validate';
import { nestedNames } from './names';

/** Settings that are migrated from a configuration of Loki, and from the values of its chart. */
export interface LokiSettings {
  readonly retention?: string;
  readonly evaluationInterval?: string;
  readonly limits?: LokiLimits;
  /** Size of the volume. */
  readonly storage?: string;
  readonly storageClassName?: string;
}

/** Migrated settings, and lines of the report on the others. */
export interface ReadSettings {
  readonly settings: LokiSettings;
  readonly left: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a configuration of another system, of which only some fields are read.
export type YamlFields = any;

/**
 * Fields at the top of Loki's configuration.
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/loki/loki.go `Config`
 */
const CONFIG_FIELDS = new Set([
  ...['target', 'auth_enabled', 'http_prefix', 'ballast_bytes', 'server', 'internal_server', 'ui', 'distributor'],
  ...['querier', 'query_engine', 'query_scheduler', 'frontend', 'query_range', 'ruler', 'ruler_storage'],
  ...['ingester_client', 'ingester', 'pattern_ingester', 'index_gateway', 'bloom_build', 'bloom_gateway'],
  ...['storage_config', 'chunk_store_config', 'schema_config', 'compactor', 'compactor_client'],
  ...['compactor_grpc_client', 'limits_config', 'frontend_worker', 'table_manager', 'memberlist', 'kafka_config'],
  ...['dataobj', 'ingest_limits', 'ingest_limits_frontend', 'ingest_limits_frontend_client', 'runtime_config'],
  ...['operational_config', 'tracing', 'analytics', 'profiling', 'common', 'shutdown_delay', 'metrics_namespace'],
]);

/** Fields of `ruler` in the configuration; the value `ruler` of a chart has others. */
const RULER_FIELDS = [
  ...['alertmanager_url', 'enable_alertmanager_v2', 'enable_api', 'enable_sharding', 'evaluation_interval'],
  ...['external_url', 'poll_interval', 'remote_write', 'ring', 'rule_path', 'storage', 'wal'],
];

/** Fields that other programs do not have at the top of their configuration. */
const DISTINCTIVE = [
  ...['auth_enabled', 'schema_config', 'limits_config', 'storage_config', 'table_manager', 'chunk_store_config'],
];

/** Fields at the top of Loki's configuration in a text, which may be a template. */
const CONFIGURATION = new RegExp(`^(${[...DISTINCTIVE, 'ruler'].join('|')}):`, 'm');

/** Returns whether a value is Loki's configuration, as an object or as a text. */
export function isLokiConfig(config: YamlFields): boolean {
  if (typeof config === 'string') return CONFIGURATION.test(config) && !/^(route|groups|scrape_configs):/m.test(config);
  return isFields(config) && DISTINCTIVE.some((name) => Object.hasOwn(config, name));
}

/** Returns whether a field is one of Loki's configuration, rather than a value of a chart. */
export function isConfigField(name: string, value: YamlFields): boolean {
  return name === 'ruler' ? isRulerConfig(value) : CONFIG_FIELDS.has(name);
}

/** Returns whether a value is the field `ruler` of Loki's configuration. */
export function isRulerConfig(ruler: YamlFields): boolean {
  return isFields(ruler) && RULER_FIELDS.some((name) => Object.hasOwn(ruler, name));
}

/** Fields of `ruler` that the report explains. It omits their values, which may contain passwords. */
const RULER: Readonly<Record<string, string>> = {
  external_url: 'alerts link to Grafana: set grafanaUrl in main.ts to the address at which users open it',
  alertmanager_url:
    'the ruler sends alerts to the Alertmanager of the stack, which uses your alertmanager.yml if there is one',
  remote_write: 'the ruler writes to no Prometheus, and recording rules are rejected: keep them where they are',
};

/** Reads Loki's configuration. @param file name of its file, for the report */
export function lokiSettings(config: YamlFields, file: string): ReadSettings {
  const { limits_config, table_manager, ruler, ...others } = config as Record<string, YamlFields>;
  const { retention_period, ...limits } = limits_config ?? {};
  const { retention_deletes_enabled, retention_period: tablePeriod, ...tables } = table_manager ?? {};
  const { evaluation_interval, ...rulerOthers } = ruler ?? {};
  const retention = withDefaults(retention_period ?? (retention_deletes_enabled ? tablePeriod : undefined));
  const interval = withDefaults(evaluation_interval);
  const isUnlimited = /^0[a-z]*$/.test(`${retention}`);
  const read = readLimits(limits, file);
  const rest = [
    ...nestedNames({ ...others, auth_enabled: undefined }),
    ...nestedNames(tables).map((name) => `table_manager.${name}`),
    ...nestedNames(Object.fromEntries(Object.entries(rulerOthers).filter(([name]) => !(name in RULER)))).map(
      (name) => `ruler.${name}`,
    ),
  ];
  return {
    settings: {
      ...withValues({ retention: !isUnlimited && retention, evaluationInterval: interval }),
      ...read.settings,
    },
    left: [
      ...unresolved({ 'loki.retention': retention, 'loki.evaluationInterval': interval }, file),
      ...(tablePeriod !== undefined && tablePeriod !== retention_period && retention !== tablePeriod
        ? [`table_manager.retention_period in ${file}: had no effect`]
        : []),
      ...(isUnlimited ? [`unlimited retention in ${file}: not supported; set loki.retention in main.ts`] : []),
      ...(others.auth_enabled === true
        ? [`auth_enabled in ${file}: set tenants in main.ts, see loki-alerts explain tenants`]
        : []),
      ...Object.entries(RULER)
        .filter(([name]) => name in rulerOthers)
        .flatMap(([name, explanation]) =>
          nestedNames({ [name]: rulerOthers[name] }).map((names) => `ruler.${names} in ${file}: ${explanation}`),
        ),
      ...read.left,
      ...(rest.length > 0
        ? [`other fields of Loki's configuration in ${file}, which the stack sets: ${rest.join(', ')}`]
        : []),
    ],
  };
}

/** Reads the limits that have an option, unless the option rejects the value. */
function readLimits(given: Readonly<Record<string, YamlFields>>, file: string): ReadSettings {
  const limits: Record<string, YamlFields> = {};
  const left: string[] = [];
  for (const [name, raw] of Object.entries(given).filter(([name]) => LIMIT_NAMES.includes(name))) {
    const value = withDefaults(raw);
    const option = `loki.limits.${name}`;
    const [wrong] = checkOptions(lokiLimits, { [name]: value });
    if (isUnresolved(value)) left.push(...unresolved({ [option]: value }, file));
    else if (wrong) {
      left.push(`limits_config.${name} in ${file}: ${wrong.problem}: ${wrong.fix ?? `set ${option} in main.ts`}`);
    } else limits[name] = value;
  }
  const others = nestedNames(Object.fromEntries(Object.entries(given).filter(([name]) => !LIMIT_NAMES.includes(name))));
  return {
    settings: Object.keys(limits).length > 0 ? { limits } : {},
    left: [...left, ...(others.length > 0 ? [`limits_config in ${file}: no option for ${others.join(', ')}`] : [])],
  };
}

/** Replaces the variables in a value that have a default. */
export function withDefaults(value: YamlFields): YamlFields {
  return typeof value === 'string' ? substituteDefaults(value).text : value;
}

/** Returns the settings that have a value. */
export function withValues(values: Readonly<Record<string, YamlFields>>): LokiSettings {
  return Object.fromEntries(
    Object.entries<YamlFields>(values).flatMap(([name, value]) =>
      value && !isUnresolved(value) ? [[name, `${value}`]] : [],
    ),
  );
}

/** Returns lines of the report on values with variables or templates, by option. */
export function unresolved(values: Readonly<Record<string, YamlFields>>, file: string): string[] {
  return Object.entries(values).flatMap(([option, value]) =>
    isUnresolved(value)
      ? [
          `${option} in ${file}: contains ${variablesIn(value).join(', ') || 'a template'}, which nothing replaces here: set ${option} in main.ts`,
        ]
      : [],
  );
}

function isUnresolved(value: YamlFields): boolean {
  return typeof value === 'string' && (variablesIn(value).length > 0 || value.includes('{{'));
}

/** Returns whether a value is an object with fields. */
export function isFields(value: YamlFields): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
