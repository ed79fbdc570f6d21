import { basename } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { TemplateFile } from '../alertmanager/templates';
import type { Finding } from '../findings';
import type { RuleFile } from '../rules/model';
import { type SourceText, scanYaml, sourceText } from '../rules/read';

/** What files of another system hold. */
export interface Found {
  readonly rules: readonly RuleFile[];
  /** Texts that are an alertmanager.yml. */
  readonly alertmanager: readonly SourceText[];
  readonly templates: readonly TemplateFile[];
  readonly settings: LokiSettings;
  /** What was recognized and has no place here, with what takes it. */
  readonly left: readonly string[];
  readonly findings: readonly Finding[];
}

/** What is taken over of a configuration of Loki. */
export interface LokiSettings {
  readonly retention?: string;
  readonly evaluationInterval?: string;
}

const NOTHING: Found = { rules: [], alertmanager: [], templates: [], settings: {}, left: [], findings: [] };

/** Reads a file of loki-stack, of the docker-compose original, of kube-prometheus, or of Loki and Alertmanager themselves. */
export function readForeign(source: SourceText): Found {
  if (source.file.endsWith('.tmpl'))
    return { ...NOTHING, templates: [{ file: basename(source.file), text: source.text }] };
  const { rules, alertmanager, findings } = scanYaml(source);
  return join([
    { ...NOTHING, rules, alertmanager, findings },
    ...documents(source.text).map((document) => readDocument(document, source.file)),
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
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another system, of which only some fields are looked at.
type Document = any;

/** What is no YAML, `scanYaml` has said. */
function documents(text: string): Document[] {
  const parsed = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if ('empty' in parsed || parsed.some(({ errors }) => errors.length > 0)) return [];
  return parsed
    .map((document) => document.toJS())
    .filter((document) => typeof document === 'object' && document !== null);
}

function readDocument(document: Document, file: string): Found {
  if (document.kind === 'List') return join((document.items ?? []).map((item: Document) => readDocument(item, file)));
  if (document.kind === 'Secret' || document.kind === 'ConfigMap') return readObject(document, file);
  if (document.kind === 'AlertmanagerConfig') {
    const { namespace = 'default', name } = document.metadata ?? {};
    return leave(`AlertmanagerConfig ${namespace}/${name}: write its route with the matcher namespace="${namespace}"`);
  }
  if (document.services) return readCompose(document.services);
  if (document.scrape_configs) {
    return leave(
      `the Promtail configuration in ${file}: the stack's collector sets ${'its own labels'}, see docs/collectors.md`,
    );
  }
  if (document.schema_config || document.ruler) return { ...NOTHING, settings: lokiSettings(document) };
  if (document.loki && typeof document.loki === 'object') return readLokiStack(document, file);
  return NOTHING;
}

/** What `scanYaml` does not look at: what is encoded, templates, and configurations of other programs. */
function readObject({ kind, data = {}, stringData = {} }: Document, file: string): Found {
  const decode = (value: string) => (kind === 'Secret' ? Buffer.from(value, 'base64').toString('utf8') : value);
  const encoded = Object.entries<string>(data).map(([key, value]) => ({
    key,
    text: decode(value),
    known: kind === 'ConfigMap',
  }));
  const plain = Object.entries<string>(stringData).map(([key, text]) => ({ key, text, known: true }));
  return join(
    [...encoded, ...plain].map(({ key, text, known }) => {
      if (key.endsWith('.tmpl')) return readForeign(sourceText(key, text));
      if (!/\.ya?ml$/.test(key)) return NOTHING;
      const inner = readForeign(sourceText(`${file} ${key}`, text));
      // Rules and routes in plain text were found with the object.
      return known
        ? { ...inner, rules: [], alertmanager: [], findings: [] }
        : { ...inner, rules: inner.rules.map((rules) => Object.assign(rules, { name: key })) };
    }),
  );
}

/** Values of the chart loki-stack, or of the chart loki that it has inside. */
function readLokiStack(
  { loki, promtail, grafana, prometheus, 'fluent-bit': fluentBit }: Document,
  file: string,
): Found {
  const groups = loki.alerting_groups;
  const rules = Array.isArray(groups)
    ? scanYaml(sourceText(`${file} loki.alerting_groups`, stringify({ groups })))
    : undefined;
  const others = Object.entries({ promtail, grafana, prometheus, 'fluent-bit': fluentBit })
    .filter(([, values]) => values && values.enabled !== false)
    .map(([name]) => `values of ${name} in ${file}: ${WHERE_TO[name] ?? 'not part of this stack'}`);
  return {
    ...NOTHING,
    rules: (rules?.rules ?? []).map((one) => Object.assign(one, { name: 'loki-stack.yaml' })),
    findings: rules?.findings ?? [],
    settings: loki.config ? lokiSettings(loki.config) : {},
    left: others,
  };
}

const WHERE_TO: Readonly<Record<string, string>> = {
  promtail: 'the stack brings its own collector, with labels of its own, see docs/collectors.md',
  grafana: 'the stack brings Grafana with its datasources and dashboards; bring your own dashboards to it by hand',
  prometheus: 'keep your Prometheus; the option monitoring has it scrape the stack',
};

function readCompose(services: Document): Found {
  return join(
    Object.entries<Document>(services).map(([name, { image = 'an image of its own' }]) =>
      leave(
        `service ${name} (${image}): ${/loki|alertmanager|grafana|promtail/.test(image) ? 'the stack runs it' : 'an app, to be deployed by itself'}`,
      ),
    ),
  );
}

function lokiSettings({ limits_config: limits, table_manager: tables, ruler }: Document): LokiSettings {
  const retention =
    limits?.retention_period ?? (tables?.retention_deletes_enabled ? tables.retention_period : undefined);
  return {
    // Zero keeps logs for ever, which the stack does not offer.
    ...(retention && !/^0[a-z]*$/.test(`${retention}`) ? { retention: `${retention}` } : {}),
    ...(ruler?.evaluation_interval ? { evaluationInterval: `${ruler.evaluation_interval}` } : {}),
  };
}

function leave(what: string): Found {
  return { ...NOTHING, left: [what] };
}
