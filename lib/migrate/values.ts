import { isSeq, type Node, stringify } from 'yaml';
import type { Finding } from '../checks/findings';
import { nodeAt } from '../yaml/nodes';
import type { YamlDocument } from '../yaml/parse';
import { type SourceText, sourceText } from '../yaml/source';
import { type Found, holdsAnything, join, leave, NOTHING, WITHOUT_TENANT } from './found';
import { isFields, isLokiConfig, type ReadSettings } from './loki-settings';
import { isLokiValues, lokiValues } from './loki-values';
import { nestedNames } from './names';
import { isPromtailValues, stageNames, stagesLeft } from './promtail';
import { groupsIn } from './rules';
import { isConfiguration, TEMPLATE_ENDING } from './template-files';

/** Steps from the top of a document to a value. */
export type ValuesPath = readonly string[];

// biome-ignore lint/suspicious/noExplicitAny: values of any chart, of which only some are known.
type Value = any;

/** Reads a text within the values. @param name name of its file, or of its value */
export type ReadText = (name: string, source: SourceText) => Found;

/** Components that are not migrated, and their replacements. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  promtail: 'the stack has its own collector with its own labels, see loki-alerts explain collectors',
  grafana: 'the stack includes Grafana with datasources and dashboards; copy your own dashboards to it',
  prometheus: 'keep your Prometheus; it scrapes the stack if you set the option monitoring',
};

/**
 * Reads the values of any chart: rules, routes, templates and Loki's settings are recognized by their form, wherever
 * they are. Other values are listed in the report.
 *
 * @param path path of the values in the document
 */
export function readValues(
  values: Value,
  path: ValuesPath,
  yaml: YamlDocument,
  source: SourceText,
  read: ReadText,
): Found {
  const walk = new Walk(yaml, source, read);
  walk.value(values, path);
  const taken = walk.taken.map((at) => at.slice(path.length));
  // The names of what was read show which chart it is.
  const rest = withVolume({
    ...Object.fromEntries(Object.keys(values).map((name) => [name])),
    ...without(values, taken),
  });
  const settings = settingsOf(rest, source.file);
  const stages = stageNames(values);
  const isOfAlerting = walk.found.length + settings.length + stages.length > 0 || isPromtailValues(values);
  if (!isOfAlerting) return NOTHING;
  return join([
    ...walk.found,
    ...settings.map((one) => ({ ...NOTHING, ...one })),
    leave(...stagesLeft(stages, source.file), ...restOf(rest, source.file)),
  ]);
}

class Walk {
  readonly found: Found[] = [];
  /** Paths of the values that were read. */
  readonly taken: ValuesPath[] = [];

  constructor(
    private readonly yaml: YamlDocument,
    private readonly source: SourceText,
    private readonly read: ReadText,
  ) {}

  value(value: Value, path: ValuesPath): void {
    if (typeof value === 'string') this.text(value, path);
    else if (Array.isArray(value)) {
      if (areGroups(value)) this.groups(value, path);
      else for (const [index, item] of value.entries()) this.value(item, [...path, String(index)]);
    } else if (typeof value === 'object' && value !== null) {
      if (areRoutes(value)) this.take(path, this.read('alertmanager.yml', this.asText(value, path)));
      else if (isObject(value)) this.take(path, this.read('object.yaml', this.asText(value, path)));
      else
        for (const [name, item] of Object.entries(value)) {
          if (!isOff(name, item)) this.value(item, [...path, name]);
        }
    }
  }

  private take(path: ValuesPath, found: Found, value?: Value): void {
    if (!holdsAnything(found)) return;
    this.taken.push(path);
    // Values of a chart may be meant for another program, so that errors in them do not prevent a migration.
    const [broken] = found.unreadable;
    const left = broken
      ? [`${path.join('.')} in ${this.source.file}:${broken.place?.line}: ${whyBroken(value, broken)}`]
      : [];
    this.found.push({ ...found, left: [...found.left, ...left], unreadable: [] }, ...this.tenant(path, found));
  }

  private text(text: string, path: ValuesPath): void {
    const name = path.at(-1) ?? '';
    // settingsOf reads Loki's configuration with the values around it.
    if (isLokiConfig(text) && name === 'config') return;
    if (!TEMPLATE_ENDING.test(name) && !isConfiguration(text)) return;
    const { placeAt } = this.source;
    const at = this.node(path)?.range?.[0] ?? 0;
    const file = /\.\w+$/.test(name) ? name : `${nameOf(path)}.yaml`;
    this.take(path, this.read(file, { ...sourceText(this.source.file, text), placeAt: () => placeAt(at) }), text);
  }

  private groups(groups: Value, path: ValuesPath): void {
    const node = this.node(path);
    const file = path.at(-1) === 'groups' ? (path.at(-2) ?? 'rules') : nameOf(path);
    const name = `${file.replace(/\.ya?ml$/, '')}.yaml`;
    if (isSeq(node)) this.take(path, { ...NOTHING, ...groupsIn(node, name, this.yaml, this.source) });
    else this.take(path, this.read(name, this.asText({ groups }, path)));
  }

  /** Returns a value as the file that the chart generates from it. */
  private asText(value: Value, path: ValuesPath): SourceText {
    const at = this.node(path)?.range?.[0] ?? 0;
    return {
      ...sourceText(this.source.file, stringify(value, { aliasDuplicateObjects: false })),
      placeAt: () => this.source.placeAt(at),
    };
  }

  private node(path: ValuesPath): Node | undefined {
    return nodeAt(this.yaml, path);
  }

  /** Reports the tenant of rules in `ruler.directories.<tenant>.<file>` of the chart loki. */
  private tenant(path: ValuesPath, { rules }: Found): Found[] {
    const tenant = path[path.indexOf('directories') + 1];
    if (!path.includes('directories') || rules.length === 0 || tenant === undefined || tenant === 'fake') return [];
    return [leave(`tenant '${tenant}' of ${path.join('.')} in ${this.source.file}: ${WITHOUT_TENANT}`)];
  }
}

function whyBroken(value: Value, { problem }: Finding): string {
  return typeof value === 'string' && value.includes('{{')
    ? 'a template of Helm: pass the rendered text instead'
    : problem;
}

/** Returns the name of a rule file: `loki-stack` or `loki` for the list of that chart, else the path. */
function nameOf(path: ValuesPath): string {
  if (path.at(-1) === 'content') return path.at(-2) ?? 'rules';
  if (path.at(-1) === 'alerting_groups') return path.at(-2) === 'loki' ? 'loki-stack' : 'loki';
  return path.filter((step) => !/^\d+$/.test(step)).join('-');
}

/** Returns whether a value is a disabled component that only its own chart uses. */
function isOff(name: string, value: Value): boolean {
  return /^(promtail|prometheus|grafana|fluent-bit|filebeat|logstash)$/.test(name) && value?.enabled === false;
}

/** Returns whether a value is an object of Kubernetes, such as in `extraObjects` of the chart loki. */
function isObject(value: Value): boolean {
  return typeof value.kind === 'string' && typeof value.apiVersion === 'string';
}

function areGroups(value: readonly Value[]): boolean {
  return value.length > 0 && value.every((group) => typeof group?.name === 'string' && Array.isArray(group.rules));
}

/** Returns whether a value is an alertmanager.yml: other programs have a field `route` too. */
export function areRoutes(value: Value): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { route, receivers } = value;
  const named = Array.isArray(receivers) && receivers.some((one) => typeof one?.name === 'string');
  const routed = typeof route === 'object' && route !== null && typeof route.receiver === 'string';
  return (
    named || (routed && 'receivers' in value) || (routed && Object.keys(value).every((name) => OF_ROUTES.has(name)))
  );
}

const OF_ROUTES = new Set(['global', 'route', 'receivers', 'inhibit_rules', 'templates', 'time_intervals']);

/** Reads Loki's settings in the values of all its charts. */
function settingsOf(values: Value, file: string): ReadSettings[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [];
  if (isLokiValues(values)) return [lokiValues(values, file)];
  return Object.entries<Value>(values).flatMap(([name, value]) =>
    name === 'loki' && typeof value === 'object' && value !== null && !hasLoki(value)
      ? [lokiValues(value, file)]
      : settingsOf(value, file),
  );
}

/** Moves the volume of a single Loki in the chart loki to where the chart of loki-stack has it. */
function withVolume(values: Value): Value {
  const { loki, deploymentMode, singleBinary } = values;
  if (!isFields(loki)) return values;
  const isSingle = deploymentMode === 'SingleBinary' || singleBinary?.replicas > 0;
  if (!isSingle || !isFields(singleBinary?.persistence)) return { ...values, loki: withVolume(loki) };
  const { storageClass: storageClassName, ...volume } = singleBinary.persistence;
  return {
    ...without(values, [['singleBinary', 'persistence']]),
    loki: { ...loki, persistence: { ...volume, storageClassName } },
  };
}

function hasLoki(value: Value): boolean {
  return typeof value.loki === 'object' && value.loki !== null;
}

/** Lists the values that were not read, by component; `lokiValues` lists those of Loki. */
function restOf(values: Value, file: string): string[] {
  if (isLokiValues(values)) return [];
  const plain: string[] = [];
  const left: string[] = [];
  for (const [name, value] of Object.entries<Value>(values)) {
    if (value === undefined) continue;
    if (name === 'loki' && isFields(value)) {
      // A chart that contains the chart has values in addition to those of Loki.
      if (hasLoki(value)) left.push(...restOf(value, file));
      continue;
    }
    const names = isFields(value) ? nestedNames({ ...value, enabled: undefined }) : nestedNames(value);
    const instead = isOff(name, value) ? 'not enabled' : REPLACEMENTS[name];
    if (names.length === 0 && instead === undefined) plain.push(name);
    else if (names.length > 0 || !isOff(name, value)) {
      left.push(
        `values of ${name} in ${file}${names.length > 0 ? ` (${names.join(', ')})` : ''}: ${instead ?? 'no option'}`,
      );
    }
  }
  return [...(plain.length > 0 ? [`values in ${file}: no option for ${plain.join(', ')}`] : []), ...left];
}

/** Returns the values without those at the paths; fields without any other value are undefined. */
function without(value: Value, paths: readonly ValuesPath[]): Value {
  if (paths.some((path) => path.length === 0)) return undefined;
  if (paths.length === 0 || typeof value !== 'object' || value === null) return value;
  const rest = Object.entries<Value>(value).map(([name, item]): [string, Value] => {
    const inner = paths.filter(([step]) => step === name).map((path) => path.slice(1));
    return [name, without(item, inner)];
  });
  if (rest.every(([, item]) => item === undefined)) return undefined;
  return Array.isArray(value) ? rest.map(([, item]) => item) : Object.fromEntries(rest);
}
