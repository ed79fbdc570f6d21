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
import { type Found, holdsAnything, join, leave, NOTHING } from './found';
import { lokiSettings } from './loki-settings';
import { isLokiFile } from './loki-values';
import { logRules } from './rules';
import { isConfiguration, TEMPLATE_ENDING, TEMPLATE_ENDINGS } from './template-files';
import { areRoutes, readValues, stageNames, stagesLeft, type ValuesPath } from './values';

export { type Found, join } from './found';

/** Reads a file of loki-stack, of the docker-compose original, of kube-prometheus, or of Loki and Alertmanager themselves. */
export function readForeign(source: SourceText): Found {
  return readText(basename(source.file), source);
}

/** @param name of the file that the text is or becomes */
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

/** What other programs make a configuration of is none before they have. */
function unreadableText(name: string, source: SourceText, unreadable: readonly Finding[]): Found {
  const { file, text } = source;
  const what = name === basename(file) ? file : `${name} in ${file}`;
  // With a message template between its fields, it is a template all the same.
  if (TEMPLATE_ENDING.test(name) || (text.includes('{{') && definesTemplates(text))) {
    return leave(`${what}: a configuration that another program fills in: give what it makes of it`);
  }
  return { ...NOTHING, unreadable };
}

/** Other programs have a field `route` or `receivers` too. */
function isAlertmanager({ text }: SourceText): boolean {
  const [document] = parseYaml(text).documents;
  const value: Document = document && plainValue(document).value;
  return areRoutes(value) || (hasFields(value) && 'route' in value && 'receivers' in value);
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are looked at.
type Document = any;

/** Each document, and each object of a list, as a value and as what knows its places. */
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
    return leave(`AlertmanagerConfig ${namespace}/${name}: write its route with the matcher namespace="${namespace}"`);
  }
  if (ENCRYPTED.includes(kind) && OF_ALERTING.test(JSON.stringify([metadata?.name, document.spec ?? namespace]))) {
    return leave(
      `${kind} ${namespace}/${name}: its content is not in it: give the Secret that it becomes, kubectl -n ${namespace} get secret ${name} -o yaml`,
    );
  }
  if (kind === 'AlertingRule' && typeof document.spec?.tenantID === 'string') {
    return leave(
      `tenantID ${document.spec.tenantID} of AlertingRule ${namespace}/${name}: its rules see the lines of all here; for a tenant of its own, write tenants in main.ts, see docs/tenants.md`,
    );
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
        ? [leave(`of docker-compose in ${source.file}, which is not used here: ${unread.join(', ')}`)]
        : []),
    ]);
  }
  if (document.scrape_configs) return readScrapes(document, source.file);
  // What scanYaml reads.
  if (areRoutes(document) || Array.isArray(document.groups)) return NOTHING;
  if (isLokiFile(document)) return { ...NOTHING, ...lokiSettings(document, source.file) };
  return readValues(document, [], yaml, source, readText);
}

/** Promtail and Prometheus both call it so, and only one of them sends what it reads. */
function readScrapes(document: Document, file: string): Found {
  const names = Object.keys(document).join(', ');
  const stages = stageNames(document);
  if (!document.clients && !document.positions && stages.length === 0) {
    return leave(`the configuration of Prometheus in ${file} (${names}): it stays with Prometheus`);
  }
  return leave(
    `the Promtail configuration in ${file} (${names}): the stack's collector sets its own labels, see docs/collectors.md`,
    ...stagesLeft(stages, file),
  );
}

/** docker-compose writes a dollar sign as two of them, so that it is no variable of its own. */
function unescaped(configs: Document): Document {
  return JSON.parse(JSON.stringify(configs), (_name, value) =>
    typeof value === 'string' ? value.replaceAll('$$', () => '$') : value,
  );
}

function ofConfigs(name: string): string {
  return `configs.${name}`;
}

/** Resources that become Secrets in the cluster only. */
const ENCRYPTED = ['SealedSecret', 'ExternalSecret'];

/** What such a resource says of its content, if that has to do with alerts. */
const OF_ALERTING = /alertmanager|alert-?rules|\bloki\b|promtail|ruler|^\["[^"]*","monitoring"\]$/i;

/** Resources that have a chart installed with values: of Flux, Argo CD and k3s. */
const WITH_VALUES = ['HelmRelease', 'Application', 'ApplicationSet', 'HelmChart', 'HelmChartConfig'];

const VALUES = new Set(['values', 'valuesObject', 'valuesContent']);

/** What sets values too, from elsewhere or one by one. */
const MORE_VALUES = new Set(['valuesFrom', 'valueFiles', 'parameters', 'fileParameters', 'set']);

/** The values in such a resource, as an object or as a text. */
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
      `${others.join(', ')} of ${document.kind} ${name} in ${source.file}: values that are not in it, or that count more: give the whole`,
    ),
  ]);
}

function inside(source: SourceText, yaml: YamlDocument, path: ValuesPath, text: string): SourceText {
  const place = source.placeAt(nodeAt(yaml, path)?.range?.[0] ?? 0);
  return { file: source.file, text, placeAt: () => place };
}

/** What may be a configuration or a template in a ConfigMap or Secret. */
const WANTED = new RegExp(`\\.(ya?ml|${TEMPLATE_ENDINGS.join('|')})(\\.gz)?$`);

/** What `scanYaml` does not look at in an object: templates, and configurations of other programs. */
function readObject(object: Document, yaml: YamlDocument, source: SourceText): Found {
  const { kind, metadata } = object;
  const { namespace = 'default', name = '' } = metadata ?? {};
  const { texts, others } = textsOf(yaml, source);
  const read = texts
    .filter(({ key }) => WANTED.test(key))
    .map(({ key, text }) => {
      const found = readText(key, text);
      // Secrets hold texts of other programs too, of which some only look like YAML by their name.
      const unreadable = /^["']?(groups|route|receivers)["']?:/m.test(text.text) ? found.unreadable : [];
      // Rules and routes were found with the object.
      const others = { ...found, rules: [], alertmanager: [], findings: [], unreadable };
      return { key: holdsAnything(found) ? key : undefined, found: others };
    });
  const unreadable = others
    .filter(({ key }) => WANTED.test(key))
    .map(({ field, key, place }) =>
      finding('migrate', {
        path: [field, key],
        subject: `'${key}' in ${kind} '${name}'`,
        problem: `not base64 of a text${key.endsWith('.gz') ? ' packed by gzip' : ''}`,
        fix: 'name the Secret as kubectl get secret -o yaml shows it, or use stringData',
        place,
      }),
    );
  const used = new Set(read.map(({ key }) => key));
  const all = join([...read.map(({ found }) => found), { ...NOTHING, unreadable }]);
  const unused = [...texts, ...others].map(({ key }) => key.replace(/\.gz$/, '')).filter((key) => !used.has(key));
  // Of what has nothing to do with alerts, nothing is said.
  if (unused.length === 0 || used.size === 0 || [...used].every((key) => key === undefined)) return all;
  return join([all, leave(`other keys of ${kind} ${namespace}/${name} in ${source.file}: ${unused.join(', ')}`)]);
}
