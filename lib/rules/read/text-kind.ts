import { languageOf } from './expression-language';

/** Kind of a text that is not valid YAML, judging by its characters alone. */
export type TextKind = 'rules' | 'prometheus-rules' | 'alertmanager' | 'template' | 'other';

/** Keys of which at least one is in every text with rules or routes. */
const KEYS = /(?:^|["'\s{,?-])(?:groups|alert|record|expr|route|receivers)["']?\s*:/m;

/** Objects that contain texts, in which keys may be base64-encoded. */
const SECRET = /(?:^|["'\s{,?-])kind["']?\s*:\s*["']?Secret\b/m;
const CONFIG_MAP = /(?:^|["'\s{,?-])kind["']?\s*:\s*["']?ConfigMap\b/m;

/** The same keys in a quoted text, after `\n`; the key of an Alertmanager configuration; base64. */
const QUOTED_KEYS = /(?:groups|alert|record|expr|route|receivers)(?:\\?["'])?\s*:|alertmanager\.ya?ml|binaryData/;

/** Escape sequences, which may be part of a key. */
const ESCAPED = /\\[xuU][\da-fA-F]/;

/** Both in JSON, without `expr`, which dashboards contain too. */
const JSON_KEYS = /"(?:groups|alert|record|route|receivers)":|"kind":"(?:ConfigMap|Secret)"/;

/** Actions of Helm, Jinja, ERB and, in brackets, gomplate and Nomad that Loki's and Alertmanager's templates lack. */
const MANIFEST_TEMPLATE =
  /\{%|<%|[\s({]\$?\.(?:Values|Release|Chart|Capabilities)\.|\{\{-?\s*(?:\/\*|include\b|tpl\b|toYaml\b)|^\{\{|\[\[-?\s*\.\w/m;

/** A value that starts with an action is a map in YAML. A forgotten quote before `{{ $labels.app }}` looks the same. */
const TEMPLATE_VALUE = /^\s*(?:-\s+)?[\w."'-]+:\s*\{\{-?(?![^}\n]*(?:\$|\.Labels|\.Value\b))/m;

/** True if any line contains more than a comment or a document marker. */
export function hasContent(text: string): boolean {
  return /^(?!\s*(?:#|---\s*(?:#|$)|\.\.\.\s*$|%))\s*\S/m.test(text.replace(/^\ufeff/, ''));
}

/** Fields of a Kubernetes object at the top level of a document. */
const OBJECT = /^apiVersion: +["']?[a-z][\w./-]*["']?[ \t\r]*(?:#.*)?$/m;
const OBJECT_KIND = /^kind: +["']?(\w+)["']?[ \t\r]*(?:#.*)?$/gm;

/** Kinds of objects that contain rules, routes, or other objects. */
const KINDS = /^(?:AlertingRule|RecordingRule|PrometheusRule|ConfigMap|Secret|\w*List)$/;

/** Start of a document. */
const DOCUMENT = /^---(?=[ \t\r\n])/m;

/** True if a text may contain rules or routes, so that it must be parsed. Most JSON is dashboards, and need not be. */
export function mayConcern(text: string): boolean {
  const json = normalizedJson(text);
  if (json !== undefined) return JSON_KEYS.test(json);
  const mayHave = (part: string) =>
    KEYS.test(part) || SECRET.test(part) || (CONFIG_MAP.test(part) && QUOTED_KEYS.test(part)) || ESCAPED.test(part);
  return mayHave(text) && text.split(DOCUMENT).some((document) => !isOtherObject(document) && mayHave(document));
}

/** True for an object of a kind that contains no rules: definitions of resources have fields of any name. */
function isOtherObject(document: string): boolean {
  const [kind, ...others] = [...document.matchAll(OBJECT_KIND)].map(([, kind = '']) => kind);
  return kind !== undefined && others.length === 0 && !KINDS.test(kind) && OBJECT.test(document);
}

/** Returns JSON without white space and without escape sequences in keys; undefined if the text is something else. */
function normalizedJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** True if a text is a template of manifests or files. */
export function isManifestTemplate(text: string): boolean {
  return MANIFEST_TEMPLATE.test(text);
}

/** True if a key is the file name that Alertmanager's image, its chart and the Prometheus operator use. */
export function isAlertmanagerKey(key: string | undefined): boolean {
  return key !== undefined && /^alertmanager\.ya?ml$/.test(key);
}

/** Kind of a text that is not valid YAML. */
export function textKind(text: string): TextKind {
  if (isManifestTemplate(text)) return 'template';
  if (
    /(?:^|[\s{,])["']?(?:alert|record|rules)["']?:/m.test(text) &&
    /^["']?groups["']?:|[\s{,]["']?expr["']?:/m.test(text)
  ) {
    const language = languageOf(expressions(text));
    if (language === 'template' || TEMPLATE_VALUE.test(text)) return 'template';
    return language === 'promql' ? 'prometheus-rules' : 'rules';
  }
  const routes = /^["']?route["']?:/m.test(text) && /^["']?receivers["']?:/m.test(text);
  return routes && /\breceiver["']?:/.test(text) ? 'alertmanager' : 'other';
}

/** First line of each value of `expr:`. */
function expressions(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s{,"'-])expr["']?:[ \t]*(?:[|>][-+\d]*[ \t]*\n)?[ \t]*(.+)$/gm)].map(
    ([, expression = '']) => expression,
  );
}
