import { basename } from 'node:path';
import { isMap, isSeq, type Node, parseAllDocuments } from 'yaml';
import { type Finding, finding } from '../checks/findings';
import { type SourceText, scanYaml } from '../rules/read';
import { parseYaml, type YamlDocument } from '../rules/read/yaml-text';
import { readServices } from './compose';
import { type Found, holdsAnything, join, leave, NOTHING } from './found';
import { lokiSettings } from './loki-settings';
import { textsOf } from './objects';
import { logRules } from './rules';
import { definesTemplates, isConfiguration, TEMPLATE_ENDING } from './template-files';
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
  const [document] = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!document || !('toJS' in document)) return false;
  const value = document.toJS();
  return areRoutes(value) || (hasFields(value) && 'route' in value && 'receivers' in value);
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are looked at.
type Document = any;

/** Each document as a value, and as what knows its places. */
function documents(source: SourceText): [Document, YamlDocument][] | Finding {
  const values = parseAllDocuments(source.text, { logLevel: 'silent', uniqueKeys: false });
  const nodes = parseYaml(source).documents;
  if ('empty' in values) return [];
  try {
    return values
      .map((value, index): [Document, YamlDocument] => [value.toJS(), nodes[index] as YamlDocument])
      .filter(([value]) => hasFields(value));
  } catch {
    // The one thing that a text which could be parsed fails at.
    const problem = 'aliases expand to too many values';
    return finding('migrate', { problem, fix: 'write the values out', place: source.placeAt(0) });
  }
}

function hasFields(value: Document): boolean {
  return typeof value === 'object' && value !== null;
}

function readDocument(document: Document, yaml: YamlDocument, source: SourceText): Found {
  const { kind, apiVersion, metadata } = document;
  const { namespace = 'default', name } = metadata ?? {};
  if (kind === 'List') {
    const nodes = isMap(yaml.root) ? yaml.root.get('items') : undefined;
    const items: Document[] = Array.isArray(document.items) ? document.items : [];
    return join(
      items.flatMap((item, index) => {
        const root = isSeq(nodes) ? (nodes.items[index] as Node) : null;
        return hasFields(item) ? [readDocument(item, { ...yaml, root }, source)] : [];
      }),
    );
  }
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
  if (document.schema_config || document.ruler?.storage || document.ruler?.alertmanager_url) {
    return { ...NOTHING, ...lokiSettings(document, source.file) };
  }
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

function inside(source: SourceText, { root }: YamlDocument, path: ValuesPath, text: string): SourceText {
  const node = isMap(root) ? (root.getIn(path, true) as Node | undefined) : undefined;
  const place = source.placeAt(node?.range?.[0] ?? 0);
  return { file: source.file, text, placeAt: () => place };
}

/** What `scanYaml` does not look at: what is encoded, templates, and configurations of other programs. */
function readObject(object: Document, { root }: YamlDocument, source: SourceText): Found {
  const read = textsOf(object, root, source).map((entry): { readonly key?: string; readonly found: Found } => {
    if ('finding' in entry) return { found: { ...NOTHING, unreadable: [entry.finding] } };
    const { key, text, encoded } = entry;
    const inner = readText(key, text);
    const used = holdsAnything(inner) ? key : undefined;
    // Rules and routes in plain text were found with the object.
    if (!encoded) return { key: used, found: { ...inner, rules: [], alertmanager: [], findings: [], unreadable: [] } };
    const found = {
      ...inner,
      rules: inner.rules.map((rules) => Object.assign(rules, { name: key })),
      // Secrets hold texts of other programs too, of which some only look like YAML by their name.
      unreadable: /^["']?(groups|route|receivers)["']?:/m.test(text.text) ? inner.unreadable : [],
    };
    return { key: used, found };
  });
  const used = new Set(read.map(({ key }) => key));
  const all = join(read.map(({ found }) => found));
  const names = Object.keys({ ...object.data, ...object.stringData }).map((key) => key.replace(/\.gz$/, ''));
  const unused = names.filter((key) => !used.has(key));
  // Of what has nothing to do with alerts, nothing is said.
  if (unused.length === 0 || used.size === 0 || [...used].every((key) => key === undefined)) return all;
  const { namespace = 'default', name } = object.metadata ?? {};
  return join([
    all,
    leave(`other keys of ${object.kind} ${namespace}/${name} in ${source.file}: ${unused.join(', ')}`),
  ]);
}
