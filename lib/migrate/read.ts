import { basename } from 'node:path';
import { definesTemplates } from '../alertmanager/read-templates';
import { type Finding, finding } from '../checks/findings';
import { objectsIn } from '../kubernetes-objects/objects';
import { textsOf } from '../kubernetes-objects/texts';
import { scanYaml } from '../rules/read';
import { nodeAt, TOO_MANY_ALIASED } from '../yaml/nodes';
import { parseYaml, type YamlDocument } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import type { SourceText } from '../yaml/source';
import { readServices } from './compose';
import { type Found, holdsAnything, join, leave, NOTHING, WITHOUT_TENANT } from './found';
import { lokiSettings } from './loki-settings';
import { isLokiFile } from './loki-values';
import { logRules } from './rules';
import { isConfiguration, TEMPLATE_ENDING, TEMPLATE_ENDINGS } from './template-files';
import { areRoutes, readValues, stageNames, stagesLeft, type ValuesPath } from './values';

export { type Found, join } from './found';

/** Reads a file of loki-stack, docker-compose, kube-prometheus, Loki or Alertmanager. */
export function readForeign(source: SourceText): Found {
  return readText(basename(source.file), source);
}

/** @param name name of the file with the text, or of the file that another program generates from it */
function readText(name: string, source: SourceText): Found {
  if (TEMPLATE_ENDING.test(name) && !isConfiguration(source.text)) {
    return { ...NOTHING, templates: [{ file: name, text: source.text }] };
  }
  const scan = scanYaml(source);
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
  if (TEMPLATE_ENDING.test(name) || (text.includes('{{') && definesTemplates(text))) {
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
  if (kind === 'AlertingRule' && typeof document.spec?.tenantID === 'string') {
    return leave(`tenantID ${document.spec.tenantID} of AlertingRule ${namespace}/${name}: ${WITHOUT_TENANT}`);
  }
  if (WITH_VALUES.includes(kind)) return readRelease(document, yaml, source);
  if (kind !== undefined && apiVersion !== undefined) return NOTHING;
  if (document.services || (document.configs && !Array.isArray(document.configs))) {
    const { services, configs, version: _, name: __, ...others } = document;
    const values = readValues({ configs: unescaped(configs ?? {}) }, [], yaml, source, readText);
    const unread = [...Object.keys(others), ...(values === NOTHING ? Object.keys(configs ?? {}).map(ofConfigs) : [])];
    return join([
      readServices(services),
      values,
      ...(unread.length > 0
        ? [leave(`fields of docker-compose in ${source.file}, not used here: ${unread.join(', ')}`)]
        : []),
    ]);
  }
  if (document.scrape_configs) return readScrapes(document, source.file);
  // scanYaml reads these.
  if (areRoutes(document) || Array.isArray(document.groups)) return NOTHING;
  if (isLokiFile(document)) return { ...NOTHING, ...lokiSettings(document, source.file) };
  return readValues(document, [], yaml, source, readText);
}

/** Reads `scrape_configs`, which both Promtail and Prometheus have. */
function readScrapes(document: Document, file: string): Found {
  const names = Object.keys(document).join(', ');
  const stages = stageNames(document);
  if (!document.clients && !document.positions && stages.length === 0) {
    return leave(`the configuration of Prometheus in ${file} (${names}): keep it in Prometheus`);
  }
  return leave(
    `the configuration of Promtail in ${file} (${names}): the collector of the stack sets its own labels, see loki-alerts explain collectors`,
    ...stagesLeft(stages, file),
  );
}

/** Replaces `$$`, docker-compose's escape of a dollar sign. */
function unescaped(configs: Document): Document {
  return JSON.parse(JSON.stringify(configs), (_name, value) =>
    typeof value === 'string' ? value.replaceAll('$$', () => '$') : value,
  );
}

function ofConfigs(name: string): string {
  return `configs.${name}`;
}

/** Resources whose Secrets only exist in the cluster. */
const ENCRYPTED = ['SealedSecret', 'ExternalSecret'];

/** Names in such resources that belong to alerting. */
const OF_ALERTING = /alertmanager|alert-?rules|\bloki\b|promtail|ruler|^\["[^"]*","monitoring"\]$/i;

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
  const others = [...new Set(elsewhere)];
  if (others.length === 0 || !holdsAnything(all)) return all;
  const { name } = document.metadata ?? {};
  return join([
    all,
    leave(
      `${others.join(', ')} of ${document.kind} ${name} in ${source.file}: further values, which may override these: pass the merged values`,
    ),
  ]);
}

function inside(source: SourceText, yaml: YamlDocument, path: ValuesPath, text: string): SourceText {
  const place = source.placeAt(nodeAt(yaml, path)?.range?.[0] ?? 0);
  return { file: source.file, text, placeAt: () => place };
}

/** Keys of a ConfigMap or Secret with a possible configuration or template. */
const WANTED = new RegExp(`\\.(ya?ml|${TEMPLATE_ENDINGS.join('|')})(\\.gz)?$`);

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
      const unreadable = /^["']?(groups|route|receivers)["']?:/m.test(text.text) ? found.unreadable : [];
      // scanYaml reads rules and routes of the object.
      const others = { ...found, rules: [], alertmanager: [], findings: [], unreadable };
      return { key: holdsAnything(found) ? key : undefined, found: others };
    });
  const unreadable = others
    .filter(({ key }) => WANTED.test(key))
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
