import { basename } from 'node:path';
import { definesTemplates } from '../alertmanager/read-templates';
import { type Finding, finding } from '../checks/findings';
import { substituteDefaults } from '../credentials';
import { objectsIn } from '../kubernetes-objects/objects';
import { textsOf } from '../kubernetes-objects/texts';
import { scanYaml } from '../rules/read';
import { isManifestTemplate, textKind } from '../rules/read/text-kind';
import { nodeAt, TOO_MANY_ALIASED } from '../yaml/nodes';
import { parseYaml, type YamlDocument } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import type { SourceText } from '../yaml/source';
import { isCompose, readCompose } from './compose';
import { type Found, holdsAnything, join, leave, NOTHING } from './found';
import { lokiSettings } from './loki-settings';
import { isLokiFile } from './loki-values';
import { nestedNames } from './names';
import { readScrapes } from './promtail';
import { logRules } from './rules';
import { isConfiguration, isOfHelm, TEMPLATE_ENDING, TEMPLATE_ENDINGS } from './template-files';
import { areRoutes, readValues, type ValuesPath } from './values';
import { rendered } from './variables';

export { type Found, join } from './found';

export interface ReadOptions {
  /** True if the file was found in a folder, where it may belong to another program. @default false, it was named */
  readonly inFolder?: boolean;
}

/** Reads a file of loki-stack, docker-compose, kube-prometheus, Loki or Alertmanager. */
export function readForeign(source: SourceText, { inFolder = false }: ReadOptions = {}): Found {
  if (inFolder && isOfHelm(source.text) && !isValues(source) && !mayBeOfStack(source.text)) return NOTHING;
  const found = readText(basename(source.file), source);
  const [broken] = found.unreadable;
  if (!inFolder || !broken || isOfStack(source.text)) return found;
  if (broken.problem === TOO_MANY_ALIASED) return leave(`${source.file}: not read: ${broken.problem}`);
  if (broken.id !== 'yaml-syntax') return found;
  return mayBeOfStack(source.text) ? leave(`${source.file}: not read: ${broken.problem}`) : NOTHING;
}

/** Returns whether a text with templates of Helm is YAML: the values of a chart, which it renders. */
function isValues({ file, text }: SourceText): boolean {
  return !TEMPLATE_ENDING.test(file) && parseYaml(text).documents.every(({ problems }) => problems.length === 0);
}

/** Returns whether a text that cannot be read may be about alerting on logs, so that the report lists it. */
function mayBeOfStack(text: string): boolean {
  return (
    /\b(loki|promtail|alerting_groups)\b/i.test(text) ||
    (/^\s*(- )?["']?(alert|record)["']?:/m.test(text) && /["']?expr["']?:/.test(text)) ||
    (/^\s*["']?route["']?:/m.test(text) && /^\s*["']?receivers["']?:/m.test(text))
  );
}

/** Returns whether a text that is not valid YAML has rules or routes, without which a migration is incomplete. */
function isOfStack(text: string): boolean {
  const kind = textKind(text);
  return kind === 'rules' || kind === 'alertmanager' || (kind === 'other' && /^["']?groups["']?:/m.test(text));
}

/** An action of a template as a value without quotes, which is a map in YAML. */
const ACTION_AS_VALUE = /^[^#"'\n]*[:[,]\s+\{\{/m;

/** @param name name of the file with the text, or of the file that another program generates from it */
function readText(name: string, given: SourceText): Found {
  if (TEMPLATE_ENDING.test(name)) {
    if (isOfHelm(given.text)) return leave(`${given.file}: a template of Helm: pass the rendered files instead`);
    if (!isConfiguration(given.text)) return { ...NOTHING, templates: [{ file: name, text: given.text }] };
    if (ACTION_AS_VALUE.test(given.text)) return unreadableText(name, given, []);
  } else if (!hasVariables(given.text)) return readYaml(name, given);
  const { source, left } = rendered(given);
  return join([readYaml(name, source), leave(...left)]);
}

/** Returns whether rules have variables with a default; docker-compose replaces its own. */
function hasVariables(text: string): boolean {
  return (
    /^\s*(?:- )?expr["']?:/m.test(text) &&
    !/^(services|configs):/m.test(text) &&
    substituteDefaults(text).taken.length > 0
  );
}

function readYaml(name: string, source: SourceText): Found {
  const scan = scanYaml(source);
  const [own] = scan.rules;
  // A text of a ConfigMap or of values has the name of its key.
  if (scan.plain && own) Object.assign(own, { name });
  const unreadable = scan.findings.filter(({ id }) => id === 'yaml-syntax');
  if (unreadable.length > 0) return unreadableText(name, source, unreadable);
  const all = documents(source);
  if ('id' in all) return { ...NOTHING, unreadable: [all] };
  return join([
    { ...NOTHING, ...logRules(scan, source.file), alertmanager: scan.alertmanager.filter(isAlertmanager) },
    ...all.map(([document, yaml]) => readDocument(document, yaml, source)),
  ]);
}

/** Sources of a configuration that another program renders are not valid YAML. */
function unreadableText(name: string, source: SourceText, unreadable: readonly Finding[]): Found {
  const { file, text } = source;
  const what = name === basename(file) ? file : `${name} in ${file}`;
  // A configuration with message templates between its fields is a template too.
  if (TEMPLATE_ENDING.test(name) || isManifestTemplate(text) || (text.includes('{{') && definesTemplates(text))) {
    return leave(`${what}: a template of a configuration: pass the rendered file instead`);
  }
  return { ...NOTHING, unreadable };
}

/** Returns whether a text is an alertmanager.yml: other programs have a field `route` or `receivers` too. */
function isAlertmanager({ text }: SourceText): boolean {
  const [document] = parseYaml(text).documents;
  const value: Document = document && plainValue(document).value;
  return areRoutes(value) || (hasFields(value) && 'route' in value && 'receivers' in value);
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are read.
type Document = any;

/** Returns all documents and all objects of lists, as values and with their places. */
function documents(source: SourceText): [Document, YamlDocument][] | Finding {
  const read = parseYaml(source.text)
    .documents.flatMap(objectsIn)
    .map((yaml) => ({ ...plainValue(yaml), yaml }));
  if (read.some(({ isExhausted }) => isExhausted)) {
    return finding('migrate', { problem: TOO_MANY_ALIASED, fix: 'write the values out', place: source.placeAt(0) });
  }
  return read.filter(({ value }) => hasFields(value)).map(({ value, yaml }) => [value, yaml]);
}

function hasFields(value: Document): boolean {
  return typeof value === 'object' && value !== null;
}

function readDocument(document: Document, yaml: YamlDocument, source: SourceText): Found {
  const { kind, apiVersion, metadata } = document;
  const { namespace = 'default', name } = metadata ?? {};
  if (kind === 'Secret' || kind === 'ConfigMap') return readObject(document, yaml, source);
  if (kind === 'AlertmanagerConfig') {
    return leave(
      `AlertmanagerConfig ${namespace}/${name}: add its route to alertmanager.yml, with the matcher namespace="${namespace}"`,
    );
  }
  if (ENCRYPTED.includes(kind) && OF_ALERTING.test(JSON.stringify([metadata?.name, document.spec ?? namespace]))) {
    return leave(
      `${kind} ${namespace}/${name}: encrypted or stored elsewhere: pass the resulting Secret, kubectl -n ${namespace} get secret ${name} -o yaml`,
    );
  }
  if (OF_OPERATORS.includes(kind)) {
    return leave(
      `${kind} ${namespace}/${name} in ${source.file}: set the options in main.ts instead, see loki-alerts explain customizing; not used here: ${nestedNames(document.spec).join(', ')}`,
    );
  }
  if (WITH_VALUES.includes(kind)) return readRelease(document, yaml, source);
  if (kind !== undefined && apiVersion !== undefined) return NOTHING;
  if (isCompose(document))
    return readCompose(document, (configs) => readValues(configs, [], yaml, source, readText), source.file);
  if (document.scrape_configs) return readScrapes(document, source.file);
  // scanYaml reads these.
  if (areRoutes(document) || Array.isArray(document.groups)) return NOTHING;
  if (isLokiFile(document)) return { ...NOTHING, ...lokiSettings(document, source.file) };
  return readValues(document, [], yaml, source, readText);
}

/** Resources whose Secrets only exist in the cluster. */
const ENCRYPTED = ['SealedSecret', 'ExternalSecret'];

/** Names in such resources that belong to alerting. */
const OF_ALERTING = /alertmanager|alert-?rules|\bloki\b|promtail|ruler|^\["[^"]*","monitoring"\]$/i;

/** Resources from which the operators of Prometheus and Loki deploy Alertmanager and Loki. */
const OF_OPERATORS = ['Alertmanager', 'LokiStack', 'RulerConfig'];

/** Resources with values of a chart: of Flux, Argo CD and k3s. */
const WITH_VALUES = ['HelmRelease', 'Application', 'ApplicationSet', 'HelmChart', 'HelmChartConfig'];

const VALUES = new Set(['values', 'valuesObject', 'valuesContent']);

/** Fields with further values, or references to them. */
const MORE_VALUES = new Set(['valuesFrom', 'valueFiles', 'parameters', 'fileParameters', 'set']);

/** Reads the values in such a resource, as an object or as a text. */
function readRelease(document: Document, yaml: YamlDocument, source: SourceText): Found {
  const found: Found[] = [];
  const elsewhere: string[] = [];
  const visit = (value: Document, path: ValuesPath) => {
    if (!hasFields(value)) return;
    for (const [name, item] of Object.entries<Document>(value)) {
      const at = [...path, name];
      if (MORE_VALUES.has(name) && item) elsewhere.push(name);
      if (!VALUES.has(name)) visit(item, at);
      else if (typeof item === 'string') found.push(readText('values.yaml', inside(source, yaml, at, item)));
      else if (hasFields(item)) found.push(readValues(item, at, yaml, source, readText));
    }
  };
  visit(document.spec, ['spec']);
  const all = join(found);
  if (!holdsAnything(all)) return all;
  const further = [...new Set(elsewhere)];
  const others = nestedNames(withoutNames(document.spec, VALUES));
  const what = `${document.kind} ${document.metadata?.name} in ${source.file}`;
  return join([
    all,
    leave(
      ...(further.length > 0
        ? [`${further.join(', ')} of ${what}: further values, which may override these: pass the merged values`]
        : []),
      ...(others.length > 0 ? [`other fields of ${what}, not used here: ${others.join(', ')}`] : []),
    ),
  ]);
}

function withoutNames(value: Document, names: ReadonlySet<string>): Document {
  return JSON.parse(JSON.stringify(value), (name, item) => (names.has(name) ? undefined : item));
}

function inside(source: SourceText, yaml: YamlDocument, path: ValuesPath, text: string): SourceText {
  const place = source.placeAt(nodeAt(yaml, path)?.range?.[0] ?? 0);
  return { file: source.file, text, placeAt: () => place };
}

/** Keys of a ConfigMap or Secret with a possible configuration or template. */
const WANTED = new RegExp(`\\.(ya?ml|${TEMPLATE_ENDINGS.join('|')})(\\.gz)?$`);

/** Returns whether a key of a Secret is the configuration of Alertmanager; other keys may be those of any program. */
function isWanted(key: string): boolean {
  return WANTED.test(key) && /alertmanager/i.test(key);
}

/** Reads the parts of an object that `scanYaml` does not: templates, and configurations of other programs. */
function readObject(object: Document, yaml: YamlDocument, source: SourceText): Found {
  const { kind, metadata } = object;
  const { namespace = 'default', name = '' } = metadata ?? {};
  const { texts, others } = textsOf(yaml, source);
  const read = texts
    .filter(({ key }) => WANTED.test(key))
    .map(({ key, text }) => {
      const found = readText(key, text);
      // Secrets contain texts of other programs too, some with the name of a YAML file.
      const unreadable = isWanted(key) || isOfStack(text.text) ? found.unreadable : [];
      // scanYaml reads rules and routes of the object.
      const others = { ...found, rules: [], alertmanager: [], findings: [], unreadable };
      return { key: holdsAnything({ ...found, unreadable }) ? key : undefined, found: others };
    });
  const unreadable = others
    .filter(({ key }) => isWanted(key))
    .map(({ field, key, place }) =>
      finding('migrate', {
        path: [field, key],
        subject: `'${key}' in ${kind} '${name}'`,
        problem: `is not a base64-encoded ${key.endsWith('.gz') ? 'gzipped ' : ''}text`,
        fix: 'pass the output of kubectl get secret -o yaml, or use stringData',
        place,
      }),
    );
  const used = new Set(read.map(({ key }) => key));
  const all = join([...read.map(({ found }) => found), { ...NOTHING, unreadable }]);
  const unused = [...texts, ...others].map(({ key }) => key.replace(/\.gz$/, '')).filter((key) => !used.has(key));
  // Objects without content for alerting are not reported.
  if (unused.length === 0 || used.size === 0 || [...used].every((key) => key === undefined)) return all;
  return join([all, leave(`other keys of ${kind} ${namespace}/${name} in ${source.file}: ${unused.join(', ')}`)]);
}
