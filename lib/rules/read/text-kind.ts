import { languageOf } from './expression-language';

/** What a text is told to be by its characters alone, where it is not YAML or not worth parsing. */
export type TextKind = 'rules' | 'prometheus-rules' | 'alertmanager' | 'template' | 'other';

/** Keys without which a text holds neither rules nor routes. */
const KEYS = /(?:^|["'\s{,?-])(?:groups|alert|record|expr|route|receivers)["']?\s*:/m;

/** The same of JSON, where a ConfigMap holds its texts escaped. */
const JSON_KEYS = /"(?:groups|alert|record|route)"\s*:|"kind"\s*:\s*"(?:ConfigMap|Secret)"/;

/** Objects that hold texts in base64, which show no keys. */
const ENCODED = /^[\s{,?-]*["']?(?:kind["']?\s*:\s*["']?Secret\b|binaryData["']?\s*:)/m;

/** Actions of Helm, Jinja and ERB that neither Loki nor Alertmanager has in its own templates. */
const MANIFEST_TEMPLATE =
  /\{%|<%|[\s({]\$?\.(?:Values|Release|Chart|Capabilities)\.|\{\{-?\s*(?:\/\*|include\b|tpl\b|toYaml\b)|^\{\{/m;

/** A value that is all action is a map to YAML; people forget the quotes around `{{ $labels.app }}` too. */
const TEMPLATE_VALUE = /^\s*(?:-\s+)?[\w."'-]+:\s*\{\{-?(?![^}\n]*(?:\$|\.Labels|\.Value\b))/m;

/** Whether any line holds more than a comment or a document's start. */
export function hasContent(text: string): boolean {
  return /^(?!\s*(?:#|---\s*(?:#|$)|\.\.\.\s*$|%))\s*\S/m.test(text.replace(/^\ufeff/, ''));
}

/** Whether a text may hold rules or routes, so that it is worth parsing. Dashboards are JSON with `expr` in them. */
export function mayConcern(text: string): boolean {
  if (/^\s*\{\s*"/.test(text)) return JSON_KEYS.test(text);
  return KEYS.test(text) || ENCODED.test(text);
}

/** Whether a text is a template of manifests or files. */
export function isManifestTemplate(text: string): boolean {
  return MANIFEST_TEMPLATE.test(text);
}

/** The name that Alertmanager's image, its chart and the Prometheus operator give to the file. */
export function isAlertmanagerKey(key: string | undefined): boolean {
  return key !== undefined && /^alertmanager\.ya?ml$/.test(key);
}

/** The kind of a text that is not YAML. */
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

/** The first lines of what stands behind `expr:`. */
function expressions(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s{,"'-])expr["']?:[ \t]*(?:[|>][-+\d]*[ \t]*\n)?[ \t]*(.+)$/gm)].map(
    ([, expression = '']) => expression,
  );
}
