import { POD_SETTINGS } from '../kubernetes/pod-options-schema';
import { parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import {
  isConfigField,
  isFields,
  isLokiConfig,
  isRulerConfig,
  lokiSettings,
  type ReadSettings,
  unresolved,
  withDefaults,
  withValues,
  type YamlFields,
} from './loki-settings';
import { nestedNames } from './names';

/** Values of the chart with the same names as settings of pods here. */
const POD_VALUES = Object.keys(POD_SETTINGS);

/** Names of values that only charts of Loki have. */
const CHART_VALUES = ['alerting_groups', 'structuredConfig', 'rulerConfig', 'schemaConfig'];

/** Returns whether values are those of Loki itself, rather than those of a chart that contains it. */
export function isLokiValues(values: YamlFields): boolean {
  return (
    CHART_VALUES.some((name) => Object.hasOwn(values, name)) || isLokiConfig(values) || isLokiConfig(values?.config)
  );
}

/** Returns whether a document is Loki's own configuration file. */
export function isLokiFile(document: YamlFields): boolean {
  if (CHART_VALUES.some((name) => Object.hasOwn(document, name))) return false;
  return isLokiConfig(document) || isRulerConfig(document.ruler);
}

/** Reads the values of Loki in the charts loki and loki-stack. @param file name of their file, for the report */
export function lokiValues(loki: YamlFields, file: string): ReadSettings {
  const { enabled: _, alerting_groups: __, ...values } = loki as Record<string, YamlFields>;
  const { config, structuredConfig, rulerConfig, persistence, ...rest } = values;
  const { enabled = true, size: givenSize, storageClassName: givenClass, ...volume } = persistence ?? {};
  const [size, storageClassName] = [withDefaults(givenSize), withDefaults(givenClass)];
  const ofConfig = Object.entries(rest).filter(([name, value]) => isConfigField(name, value));
  const others = Object.entries(rest).filter(([name, value]) => value !== undefined && !isConfigField(name, value));
  const parsed = typeof config === 'string' ? parseConfig(config) : config;
  const all = [structuredConfig, Object.fromEntries(ofConfig), rulerConfig && { ruler: rulerConfig }].reduce(
    merged,
    parsed ?? {},
  );
  const isOfPods = ([name]: readonly [string, unknown]) => POD_VALUES.includes(name);
  const ofPods = nestedNames(Object.fromEntries(others.filter(isOfPods)));
  const withoutOption = [
    ...(typeof config === 'string' && !parsed ? ['config (a text with actions of Helm)'] : []),
    ...nestedNames(Object.fromEntries(others.filter((other) => !isOfPods(other)))),
    ...nestedNames(volume).map((name) => `persistence.${name}`),
  ];
  const { settings, left } = lokiSettings(all, file);
  return {
    settings: {
      ...settings,
      ...withValues({ storage: enabled && size, storageClassName: enabled && storageClassName }),
    },
    left: [
      ...left,
      ...unresolved({ 'loki.storage': size, storageClassName }, file),
      ...(ofPods.length > 0
        ? [
            `values of loki in ${file}: set pods.loki in main.ts for ${ofPods.join(', ')}, see loki-alerts explain customizing`,
          ]
        : []),
      ...(withoutOption.length > 0 ? [`values of loki in ${file}: no option for ${withoutOption.join(', ')}`] : []),
    ],
  };
}

/** Parses Loki's configuration in a text of the values; undefined if it is not YAML before Helm has rendered it. */
function parseConfig(text: string): YamlFields | undefined {
  const [document] = parseYaml(text).documents;
  if (!document || document.problems.length > 0) return undefined;
  const { value, isExhausted } = plainValue(document);
  return isFields(value) && !isExhausted ? value : undefined;
}

function merged(one: YamlFields, other: YamlFields): YamlFields {
  if (!isFields(one) || !isFields(other)) return isFields(other) ? other : isFields(one) ? one : {};
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      isFields(one[name]) && isFields(other[name]) ? merged(one[name], other[name]) : (other[name] ?? one[name]),
    ]),
  );
}
