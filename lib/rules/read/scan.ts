import { basename } from 'node:path';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Finding } from '../../findings';
import { LANGUAGE } from '../language';
import type { RuleFile, RuleGroup } from '../model';
import { withSource } from '../source';
import { TENANT_ANNOTATION, withTenant } from '../tenant';
import { documentKind, textAt } from './documents';
import { RuleGroupReader } from './rule-groups';
import { WaiverComments } from './waiver-comments';
import { Decoder } from './yaml-decode';
import { parseYaml, type SourceText, type YamlDocument } from './yaml-text';

export interface ScanOptions {
  /**
   * `loki`: the file goes to Loki as it stands, so a second YAML document is an error, because Loki ignores it.
   * `synthesis`: the rules of all documents are taken. @default 'synthesis'
   */
  readonly target?: 'loki' | 'synthesis';
  /**
   * Labels of the PrometheusRule resources that are meant for Loki, as Alloy's `rule_selector` has them; the others hold
   * PromQL. @default all are taken but those annotated `loki-alerts/language: promql`
   */
  readonly prometheusRuleLabels?: Readonly<Record<string, string>>;
}

/** What a YAML text holds for Loki's ruler and Alertmanager. */
export interface Scan {
  readonly rules: readonly RuleFile[];
  /** Whether the text is a rule file itself, and no manifest that holds some. */
  readonly plain: boolean;
  /** Texts that are an `alertmanager.yml`. */
  readonly alertmanager: readonly SourceText[];
  /** What was wrong while reading. */
  readonly findings: readonly Finding[];
}

/**
 * Looks through all documents of a YAML text: rule files, the resources that hold rules, ConfigMaps that hold rule files
 * or an `alertmanager.yml`, and lists of such objects. Everything else is passed over.
 */
export function scanYaml(source: SourceText, options: ScanOptions = {}): Scan {
  return new Scanner(source, options).scan();
}

/** Most findings of reading one file: a file with more is none of ours, and the rest are echoes. */
const MAX_FINDINGS = 100;

class Scanner {
  private readonly rules: RuleFile[] = [];
  private readonly alertmanager: SourceText[] = [];
  private readonly findings: Finding[] = [];
  private readonly waivers: WaiverComments;
  /** Groups of the plain rule documents; undefined before the first one. */
  private groups?: RuleGroup[];

  constructor(
    private readonly source: SourceText,
    private readonly options: ScanOptions,
  ) {
    this.waivers = new WaiverComments(source);
  }

  scan(): Scan {
    const { source } = this;
    const { documents, findings } = parseYaml(source);
    this.report(findings);
    for (const document of documents) this.document(document);
    const empty = findings.length === 0 && documents.every((document) => documentKind(document) === 'empty');
    if (this.groups || empty) {
      const file = { name: basename(source.file), groups: this.groups ?? [] };
      this.rules.unshift(withSource(file, () => source.placeAt(0)));
    }
    if (this.rules.length > 0) this.report(this.waivers.findings());
    const { rules, alertmanager } = this;
    return { rules, plain: this.groups !== undefined || empty, alertmanager, findings: this.findings };
  }

  private report(findings: readonly Finding[]): void {
    for (const finding of findings.slice(0, MAX_FINDINGS - this.findings.length)) this.findings.push(finding);
  }

  private document(document: YamlDocument): void {
    const kind = documentKind(document);
    if (kind === 'rules') this.ruleDocument(document);
    if (kind === 'resource') this.resource(document);
    if (kind === 'config-map') this.configMap(document);
    if (kind === 'alertmanager') this.alertmanager.push(this.source);
    if (kind === 'list') {
      const items = isMap(document.root) ? document.root.get('items') : undefined;
      for (const root of isSeq(items) ? (items.items as Node[]) : []) this.document({ ...document, root });
    }
  }

  private ruleDocument(document: YamlDocument): void {
    const reader = new RuleGroupReader(this.source, document, this.waivers, this.groups?.length);
    if (this.groups && this.options.target === 'loki') {
      const problem = 'Loki reads only the first YAML document of a file';
      const fix = 'move the rules to the first document, or to a file of their own';
      reader.decoder.report('second-document', document.root, { path: [], subject: 'rules' }, problem, fix);
    }
    const groups = reader.ruleFile(document.root);
    this.groups = [...(this.groups ?? []), ...groups];
    this.report(reader.decoder.findings);
  }

  private resource(document: YamlDocument): void {
    const { root } = document;
    const prometheusRule = textAt(root, 'kind') === 'PrometheusRule';
    if (prometheusRule && textAt(root, 'metadata', 'annotations', LANGUAGE.annotation) === LANGUAGE.promql) return;
    const wanted = prometheusRule ? Object.entries(this.options.prometheusRuleLabels ?? {}) : [];
    if (!wanted.every(([label, value]) => textAt(root, 'metadata', 'labels', label) === value)) return;
    const reader = new RuleGroupReader(this.source, document, this.waivers);
    const name = [textAt(root, 'kind'), textAt(root, 'metadata', 'namespace'), textAt(root, 'metadata', 'name')];
    const file = {
      name: `${name.filter((part) => part !== undefined).join('-')}.yaml`.toLowerCase(),
      groups: reader.groups(isMap(root) ? ((root.getIn(['spec', 'groups'], true) as Node | undefined) ?? null) : null),
    };
    const place = reader.decoder.place(root);
    this.rules.push(withSource(file, () => place));
    this.report(reader.decoder.findings);
  }

  /** Texts in a ConfigMap, and in the `stringData` of a Secret, are read as the files that they become. */
  private configMap(document: YamlDocument): void {
    const { root } = document;
    const maps = isMap(root) ? [root.get('data'), root.get('stringData')].filter(isMap) : [];
    const decoder = new Decoder(this.source, document);
    const tenant = textAt(root, 'metadata', 'annotations', TENANT_ANNOTATION);
    for (const { key, value } of maps.flatMap(({ items }) => items)) {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string') continue;
      const placeAt = (offset: number) => decoder.placeInText(value, offset);
      const text = { file: this.source.file, text: value.value, placeAt };
      if (!/^["']?(groups|route)["']?:/m.test(text.text)) continue;
      const inner = scanYaml(text, this.options);
      const [from, to] = value.range ?? [0, 0];
      this.waivers.leaveOut(from, to);
      this.rules.push(
        ...inner.rules.map((file) => withTenant(Object.assign(file, { name: String(key.value) }), tenant)),
      );
      this.alertmanager.push(...inner.alertmanager);
      this.report(inner.findings);
    }
  }
}
