import { basename } from 'node:path';
import { isMap, isSeq, type Node, parseAllDocuments } from 'yaml';
import type { TemplateFile } from '../alertmanager/templates';
import { type Finding, finding } from '../findings';
import type { RuleFile } from '../rules/model';
import { type SourceText, scanYaml } from '../rules/read';
import { parseYaml, type YamlDocument } from '../rules/read/yaml-text';
import { chartSettings, type LokiSettings, lokiSettings } from './loki-settings';
import { textsOf } from './objects';
import { alertingGroups, logRules } from './rules';

/** What files of another system hold. */
export interface Found {
  readonly rules: readonly RuleFile[];
  /** Texts that are an alertmanager.yml. */
  readonly alertmanager: readonly SourceText[];
  readonly templates: readonly TemplateFile[];
  readonly settings: LokiSettings;
  /** What was recognized and has no place here, with what takes it. */
  readonly left: readonly string[];
  /** What was wrong with what was read. */
  readonly findings: readonly Finding[];
  /** What could not be read at all. */
  readonly unreadable: readonly Finding[];
}

const NOTHING: Found = {
  rules: [],
  alertmanager: [],
  templates: [],
  settings: {},
  left: [],
  findings: [],
  unreadable: [],
};

/** Reads a file of loki-stack, of the docker-compose original, of kube-prometheus, or of Loki and Alertmanager themselves. */
export function readForeign(source: SourceText): Found {
  if (source.file.endsWith('.tmpl')) return readTemplate(basename(source.file), source);
  const scan = scanYaml(source);
  const unreadable = scan.findings.filter(({ id }) => id === 'yaml-syntax');
  if (unreadable.length > 0) return { ...NOTHING, unreadable };
  const all = documents(source);
  if ('id' in all) return { ...NOTHING, unreadable: [all] };
  return join([
    { ...NOTHING, ...logRules(scan, source.file), alertmanager: scan.alertmanager },
    ...all.map(([document, yaml]) => readDocument(document, yaml, source)),
  ]);
}

export function join(all: readonly Found[]): Found {
  return {
    rules: all.flatMap(({ rules }) => rules),
    alertmanager: all.flatMap(({ alertmanager }) => alertmanager),
    templates: all.flatMap(({ templates }) => templates),
    settings: Object.assign({}, ...all.map(({ settings }) => settings)),
    left: [...new Set(all.flatMap(({ left }) => left))],
    findings: all.flatMap(({ findings }) => findings),
    unreadable: all.flatMap(({ unreadable }) => unreadable),
  };
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
  const { kind, metadata } = document;
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
  if (ENCRYPTED.includes(kind)) {
    return leave(
      `${kind} ${namespace}/${name}: its content is not in it: give the Secret that it becomes, kubectl -n ${namespace} get secret ${name} -o yaml`,
    );
  }
  if (document.services) return readCompose(document.services);
  if (document.scrape_configs) {
    return leave(
      `the Promtail configuration in ${source.file}: the stack's collector sets its own labels, see docs/collectors.md`,
    );
  }
  if (document.schema_config || document.ruler) return { ...NOTHING, ...lokiSettings(document, source.file) };
  if (document.loki && typeof document.loki === 'object') return readLokiStack(document, yaml, source);
  return NOTHING;
}

/** Resources that become Secrets in the cluster only. */
const ENCRYPTED = ['SealedSecret', 'ExternalSecret'];

function readTemplate(file: string, { text }: SourceText): Found {
  return { ...NOTHING, templates: [{ file, text }] };
}

/** What `scanYaml` does not look at: what is encoded, templates, and configurations of other programs. */
function readObject(object: Document, { root }: YamlDocument, source: SourceText): Found {
  return join(
    textsOf(object, root, source).map((entry) => {
      if ('finding' in entry) return { ...NOTHING, unreadable: [entry.finding] };
      const { key, text, encoded } = entry;
      if (key.endsWith('.tmpl')) return readTemplate(key, text);
      const inner = readForeign(text);
      // Rules and routes in plain text were found with the object.
      if (!encoded) return { ...inner, rules: [], alertmanager: [], findings: [], unreadable: [] };
      return {
        ...inner,
        rules: inner.rules.map((rules) => Object.assign(rules, { name: key })),
        // Secrets hold texts of other programs too, of which some only look like YAML by their name.
        unreadable: /^["']?(groups|route|receivers)["']?:/m.test(text.text) ? inner.unreadable : [],
      };
    }),
  );
}

/** Values of the chart loki-stack, or of the chart loki that it has inside. */
function readLokiStack(
  { loki, promtail, grafana, prometheus, 'fluent-bit': fluentBit }: Document,
  yaml: YamlDocument,
  source: SourceText,
): Found {
  const { settings, left } = chartSettings(loki, source.file);
  const others = Object.entries({ promtail, grafana, prometheus, 'fluent-bit': fluentBit })
    .filter(([, values]) => values && values.enabled !== false)
    .map(([name]) => `values of ${name} in ${source.file}: ${WHERE_TO[name] ?? 'not part of this stack'}`);
  return { ...NOTHING, ...alertingGroups(yaml, source), settings, left: [...left, ...others] };
}

const WHERE_TO: Readonly<Record<string, string>> = {
  promtail: 'the stack brings its own collector, with labels of its own, see docs/collectors.md',
  grafana: 'the stack brings Grafana with its datasources and dashboards; bring your own dashboards to it by hand',
  prometheus: 'keep your Prometheus; the option monitoring has it scrape the stack',
};

function readCompose(services: Document): Found {
  return join(
    Object.entries<Document>(services).map(([name, service]) => {
      const image = service?.image ?? 'an image of its own';
      return leave(
        `service ${name} (${image}): ${/loki|alertmanager|grafana|promtail/.test(image) ? 'the stack runs it' : 'an app, to be deployed by itself'}`,
      );
    }),
  );
}

function leave(what: string): Found {
  return { ...NOTHING, left: [what] };
}
