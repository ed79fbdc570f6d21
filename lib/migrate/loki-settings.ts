import { POD_SETTINGS } from '../kubernetes/pod-options-schema';
import { parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import { substituteDefaults, variablesIn } from './variables';

/** Settings that are migrated from a configuration of Loki, and of the chart's values around it. */
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
  const retention = filled(retention_period ?? (retention_deletes_enabled ? tablePeriod : undefined));
  const interval = filled(evaluation_interval);
  const forEver = /^0[a-z]*$/.test(`${retention}`);
  const limitNames = Object.keys(limits);
  const tenants = others.auth_enabled === true;
  const unnamed = [
    ...Object.entries(others)
      .filter(([name]) => name !== 'auth_enabled')
      .map(([name, value]) => (isFields(value) ? `${name} (${Object.keys(value).join(', ')})` : name)),
    ...Object.keys(tables).map((name) => `table_manager.${name}`),
    ...Object.keys(rulerOthers)
      .filter((name) => !(name in RULER))
      .map((name) => `ruler.${name}`),
  ];
  return {
    settings: {
      ...taken({ retention: !forEver && retention, evaluationInterval: interval }),
    },
    left: [
      ...openLeft({ 'loki.retention': retention, 'loki.evaluationInterval': interval }, file),
      ...(tablePeriod !== undefined && tablePeriod !== retention_period && retention !== tablePeriod
        ? [`table_manager.retention_period in ${file}: it deleted nothing there`]
        : []),
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

/** A value with the default of its variable. */
function filled(value: Fields): Fields {
  return typeof value === 'string' ? substituteDefaults(value).text : value;
}

/** The settings that have a value. */
function taken(values: Readonly<Record<string, Fields>>): LokiSettings {
  return Object.fromEntries(
    Object.entries<Fields>(values).flatMap(([name, value]) => (value && !isOpen(value) ? [[name, `${value}`]] : [])),
  );
}

/** The values that another program puts in, by the options that take them. */
function openLeft(values: Readonly<Record<string, Fields>>, file: string): string[] {
  return Object.entries(values).flatMap(([option, value]) =>
    isOpen(value)
      ? [
          `${option} in ${file} is made of ${variablesIn(value).join(', ') || 'a template'}, which nothing replaces here: write ${option} in main.ts`,
        ]
      : [],
  );
}

function isOpen(value: Fields): boolean {
  return typeof value === 'string' && (variablesIn(value).length > 0 || value.includes('{{'));
}

/** Values of the chart that are settings of pods here, by the same names. */
const OF_PODS = Object.keys(POD_SETTINGS);

/** Names of values that only charts of Loki have. */
const OF_LOKI = [
  'alerting_groups',
  'structuredConfig',
  'rulerConfig',
  'schemaConfig',
  'limits_config',
  'storage_config',
];

/** Fields at the top of Loki's configuration, as a chart may have it in a text. */
const CONFIGURATION = /^(auth_enabled|schema_config|limits_config|storage_config|ruler):/m;

/** Returns whether values are those of Loki itself, and not of a chart around it. */
export function isLoki(values: Fields): boolean {
  return OF_LOKI.some((name) => Object.hasOwn(values, name)) || isLokiConfig(values?.config);
}

/** Returns whether a value is Loki's configuration, as an object or as a text. */
export function isLokiConfig(config: Fields): boolean {
  if (typeof config === 'string') return CONFIGURATION.test(config) && !/^(route|groups|scrape_configs):/m.test(config);
  return isFields(config) && ('schema_config' in config || 'limits_config' in config);
}

/** The values of Loki in the charts loki and loki-stack. */
export function lokiValues(loki: Fields, file: string): ReadSettings {
  const { enabled: _, alerting_groups: __, ...values } = loki as Record<string, Fields>;
  const { config, structuredConfig, limits_config, rulerConfig, persistence, ...others } = values;
  const { enabled = true, size: givenSize, storageClassName: givenClass, ...volume } = persistence ?? {};
  const [size, storageClassName] = [filled(givenSize), filled(givenClass)];
  const text = typeof config === 'string' ? configOf(config) : config;
  const all = merged(merged(text ?? {}, structuredConfig ?? {}), {
    ...(limits_config && { limits_config }),
    ...(rulerConfig && { ruler: rulerConfig }),
  });
  const ofPods = Object.keys(others).filter((name) => OF_PODS.includes(name));
  const unnamed = [
    ...(typeof config === 'string' && !text ? ['config (a text with actions of Helm)'] : []),
    ...Object.keys(others).filter((name) => !OF_PODS.includes(name)),
    ...Object.keys(volume).map((name) => `persistence.${name}`),
  ];
  const { settings, left } = lokiSettings(all, file);
  return {
    settings: {
      ...settings,
      ...taken({ storage: enabled && size, storageClassName: enabled && storageClassName }),
    },
    left: [
      ...left,
      ...openLeft({ 'loki.storage': size, storageClassName }, file),
      ...(ofPods.length > 0
        ? [
            `values of loki in ${file}: write what you need of ${ofPods.join(', ')} as pods.loki in main.ts, see docs/customizing.md`,
          ]
        : []),
      ...(unnamed.length > 0 ? [`values of loki in ${file} that have no option here: ${unnamed.join(', ')}`] : []),
    ],
  };
}

/** Loki's configuration as a text within the values; undefined if it is none before Helm has read it. */
function configOf(text: string): Fields | undefined {
  const [document] = parseYaml(text).documents;
  if (!document || document.problems.length > 0) return undefined;
  const { value, isExhausted } = plainValue(document);
  return isFields(value) && !isExhausted ? value : undefined;
}

function merged(one: Fields, other: Fields): Fields {
  if (!isFields(one) || !isFields(other)) return isFields(other) ? other : isFields(one) ? one : {};
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      isFields(one[name]) && isFields(other[name]) ? merged(one[name], other[name]) : (other[name] ?? one[name]),
    ]),
  );
}

function isFields(value: Fields): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
