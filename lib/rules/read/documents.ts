import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { listItems, objectKind } from '../../kubernetes-objects/objects';
import { holdsTexts } from '../../kubernetes-objects/texts';
import { nodeAt, textAt } from '../../yaml/nodes';
import type { YamlDocument } from '../../yaml/parse';
import { LANGUAGE } from '../language';
import { type ExpressionLanguage, languageOf } from './expression-language';
import { type OtherKind, otherKind } from './other-kinds';
import { type FoundRules, RuleShapes } from './rule-shapes';

/** A YAML document, classified by its purpose. */
export type Classified = { readonly evidence: string } & (
  | { readonly kind: 'empty' | 'rule-resource' | 'list' | 'alertmanager' }
  /** A ConfigMap or a Secret. */
  | { readonly kind: 'texts' }
  /** Rule groups of Loki, or rules in a shape that Loki refuses; `language` is undefined if nothing indicates it. */
  | { readonly kind: 'rules' | 'misplaced-rules'; readonly found: FoundRules; readonly language?: ExpressionLanguage }
  /** Rules in PromQL, or templates of rules, in a file or a resource. */
  | { readonly kind: 'prometheus-rules' | 'template' }
  /** Something else, with its name if it is known. */
  | { readonly kind: 'other'; readonly other?: OtherKind }
);

/**
 * Resources that contain rule groups for Loki in `spec.groups`: those of the Loki operator
 * (https://loki-operator.dev/docs/api.md/), and the one that Alloy's `loki.rules.kubernetes` reads
 * (https://grafana.com/docs/alloy/latest/reference/components/loki/loki.rules.kubernetes/).
 */
export const RULE_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  'loki.grafana.com/v1': ['AlertingRule', 'RecordingRule'],
  'loki.grafana.com/v1beta1': ['AlertingRule', 'RecordingRule'],
  'monitoring.coreos.com/v1': ['PrometheusRule'],
};

/** Language of rules without the language annotation. `auto` detects it from their expressions. */
export type RuleLanguage = 'auto' | 'logql' | 'promql';

/** Classifies a document by its shape and the language of its expressions, and gives the evidence. Pure. */
export function classify(document: YamlDocument, language: RuleLanguage = 'auto'): Classified {
  const { root } = document;
  if (root === null || (isScalar(root) && root.value === null)) return { kind: 'empty', evidence: 'no content' };
  const shapes = new RuleShapes(document);
  if (isMap(root)) {
    const object = kubernetesObject(document, root, shapes, language);
    if (object) return object;
    if (isProvisioning(root, shapes)) {
      return { kind: 'other', evidence: 'fields of Grafana', other: otherKind(root, 'grafana') };
    }
  }
  const found = shapes.find();
  if (found) return ruleDocument(found, language);
  if (isMap(root)) {
    const evidence = alertmanagerEvidence(root);
    if (evidence) return { kind: 'alertmanager', evidence };
    if (root.has('groups') && root.items.length === 1 && isEmptyList(root.get('groups', true))) {
      return { kind: 'empty', evidence: "'groups' without entries" };
    }
    return { kind: 'other', evidence: 'no known fields', other: otherKind(root) };
  }
  return { kind: 'other', evidence: isSeq(root) ? 'a list' : 'a scalar' };
}

function ruleDocument(found: FoundRules, language: RuleLanguage): Classified {
  const written = found.foreign ? 'promql' : languageOf(found.expressions);
  const evidence = found.foreign ?? evidenceOf(written, found.expressions);
  const decided = language === 'auto' ? written : language;
  if (decided === 'promql') return { kind: 'prometheus-rules', evidence };
  if (decided === 'template') return { kind: 'template', evidence };
  const kind = found.shape === 'groups' ? 'rules' : 'misplaced-rules';
  return { kind, evidence, found, ...(decided && { language: decided }) };
}

function evidenceOf(language: ExpressionLanguage | undefined, expressions: readonly string[]): string {
  const [first = ''] = expressions.filter((expression) => languageOf([expression]) === language);
  const line = first.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';
  return language ? `the expression '${line}'` : "'alert' or 'record' with 'expr'";
}

function kubernetesObject(
  document: YamlDocument,
  root: YAMLMap,
  shapes: RuleShapes,
  language: RuleLanguage,
): Classified | undefined {
  const object = objectKind(document);
  if (!object) return undefined;
  const { apiVersion, kind } = object;
  const evidence = `kind ${kind} of ${apiVersion}`;
  if (RULE_RESOURCES[apiVersion]?.includes(kind)) {
    const forLoki = kind !== 'PrometheusRule' || isForLoki(document, shapes, language);
    return { kind: forLoki ? 'rule-resource' : 'prometheus-rules', evidence };
  }
  if (holdsTexts(document)) return { kind: 'texts', evidence };
  if (listItems(document)) return { kind: 'list', evidence };
  return { kind: 'other', evidence, other: otherKind(root) };
}

/** PrometheusRules are for Prometheus unless an annotation or an expression indicates otherwise. */
function isForLoki(document: YamlDocument, shapes: RuleShapes, language: RuleLanguage): boolean {
  const stated = textAt(document, 'metadata', 'annotations', LANGUAGE.annotation) ?? language;
  if (stated !== 'auto') return stated !== LANGUAGE.promql;
  const expressions = shapes.expressions(nodeAt(document, ['spec', 'groups']));
  return expressions.length === 0 || languageOf(expressions) === 'logql';
}

/** https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/ */
function isProvisioning(root: YAMLMap, shapes: RuleShapes): boolean {
  const lists = ['groups', 'contactPoints', 'policies', 'datasources', 'providers', 'muteTimes', 'templates', 'apps'];
  const versioned = Number(root.get('apiVersion')) === 1 && !root.has('kind') && lists.some((name) => root.has(name));
  return versioned || shapes.isGrafana(root.get('groups', true));
}

/**
 * Two keys that identify an alertmanager.yml: charts and collectors have a `route` or `receivers` too, but not both.
 */
function alertmanagerEvidence(root: YAMLMap): string | undefined {
  const route = root.get('route');
  if (isMap(route) && (route.has('receiver') || (route.has('routes') && root.has('receivers')))) {
    return "'route' with 'receiver'";
  }
  const receivers = root.get('receivers');
  if (!isSeq(receivers)) return undefined;
  const ownFields = root.items.every(({ key }) => SECTIONS.has(String(key)));
  if (root.has('route') && ownFields) return "'route' with 'receivers'";
  const named = receivers.items.filter((item) => isMap(item) && item.has('name')) as YAMLMap[];
  const keys = named.flatMap(({ items }) => items.map(({ key }) => String(key)));
  const integrated = keys.some((key) => /_configs?$/.test(key));
  const onlyNames = keys.length > 0 && keys.every((key) => key === 'name');
  return integrated || (onlyNames && ownFields) ? "'receivers' with 'name'" : undefined;
}

/** Top-level fields, https://prometheus.io/docs/alerting/latest/configuration/#file-layout-and-global-settings */
const SECTIONS: ReadonlySet<string> = new Set([
  ...['global', 'route', 'routes', 'receivers', 'templates', 'inhibit_rules', 'time_intervals'],
  ...['mute_time_intervals', 'tracing'],
]);

function isEmptyList(node: unknown): boolean {
  return (
    node === null ||
    node === undefined ||
    (isScalar(node) && node.value === null) ||
    (isSeq(node) && node.items.length === 0)
  );
}
