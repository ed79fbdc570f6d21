import { basename } from 'node:path';
import { isMap, type Node } from 'yaml';
import { type Finding, finding, type Place } from '../../checks/findings';
import { listItems, objectKind } from '../../kubernetes-objects/objects';
import { type ObjectText, textsOf } from '../../kubernetes-objects/texts';
import { Decoder } from '../../yaml/decode';
import { nodeAt, textAt } from '../../yaml/nodes';
import { parseYaml, type YamlDocument, type YamlProblem } from '../../yaml/parse';
import type { SourceText } from '../../yaml/source';
import { LANGUAGE } from '../language';
import type { RuleFile, RuleGroup } from '../model';
import { withSource } from '../source';
import { SIDECAR_FOLDER, TENANT_ANNOTATION, withTenant } from '../tenant';
import { type Classified, classify, type RuleLanguage } from './documents';
import type { OtherKind } from './other-kinds';
import { RuleGroupReader } from './rule-groups';
import type { FoundRules } from './rule-shapes';
import { shapeProblem } from './shape-problem';
import { hasContent, isAlertmanagerKey, isManifestTemplate, mayConcern, textKind } from './text-kind';
import { withAnnotatedWaivers } from './waiver-annotations';
import { WaiverComments } from './waiver-comments';

export interface ScanOptions {
  /**
   * `loki`: Loki reads the file as it is, so a second YAML document is an error, because Loki ignores it.
   * `synthesis`: the rules of all documents are used. @default 'synthesis'
   */
  readonly target?: 'loki' | 'synthesis';
  /**
   * Labels of the PrometheusRule resources that are for Loki, as in Alloy's `rule_selector`; the others are in PromQL.
   * @default none, all are for Loki except those in PromQL
   */
  readonly prometheusRuleLabels?: Readonly<Record<string, string>>;
  /** Language of rules; `auto` detects it from their expressions, and skips those in PromQL. @default 'logql' */
  readonly language?: RuleLanguage;
  /**
   * True if the file was found in a folder, where files without rules or routes are not reported.
   * @default false, it was named, so it should contain rules or routes
   */
  readonly inFolder?: boolean;
  /** Key of the text in its ConfigMap or Secret. @default none, it is a file */
  readonly key?: string;
}

/** Contents of a YAML text for Loki's ruler and Alertmanager. */
export interface Scan {
  readonly rules: readonly RuleFile[];
  /** The text, if it is a rule file itself, not a manifest that contains rule files. */
  readonly plain?: string;
  /** Texts that are an `alertmanager.yml`. */
  readonly alertmanager: readonly AlertmanagerText[];
  /** Problems found while reading. */
  readonly findings: readonly Finding[];
  /** True if the text has no content: Loki loads no rules at all if one of its rule files is empty. */
  readonly empty: boolean;
  /** True if its rules may be in PromQL as well: `vector(1)`. */
  readonly undecided: boolean;
  /** Skipped parts of the text: Prometheus rules, files and objects without rules, templates of manifests. */
  readonly skipped: readonly Skipped[];
}

/** A text that is an `alertmanager.yml`. */
export interface AlertmanagerText extends SourceText {
  /** Other texts of its ConfigMap or Secret. @default none, it is a file */
  readonly beside?: readonly ObjectText[];
}

/** A part of a text that contains neither rules nor routes for this stack. */
export interface Skipped {
  readonly kind: 'prometheus-rules' | 'template' | 'other';
  /** Evidence for its kind, for messages. */
  readonly evidence: string;
  /** True if it is a Kubernetes object, whose kind shows that it is for another program. */
  readonly isObject: boolean;
  readonly other?: OtherKind;
  readonly place: Place;
}

/**
 * Scans all documents of a YAML text for rule files, resources with rules, ConfigMaps and Secrets with rule files or an
 * `alertmanager.yml`, and lists of such objects. Everything else is skipped.
 */
export function scanYaml(source: SourceText, options: ScanOptions = {}): Scan {
  return new Scanner(source, options).scan();
}

/** Maximum number of findings from reading one file: more would only repeat the first ones. */
const MAX_FINDINGS = 100;

/**
 * A directive that Loki's YAML parser refuses: it only supports 1.1 (`yaml_parser_process_directives` in go-yaml's
 * parserc.go).
 */
const YAML_DIRECTIVE = /^(?:[ \t]*(?:#.*)?\r?\n)*(%YAML[ \t]+(?!1\.1\b)\S+)/;

class Scanner {
  private readonly rules: RuleFile[] = [];
  private readonly alertmanager: AlertmanagerText[] = [];
  private readonly findings: Finding[] = [];
  private readonly skipped: Skipped[] = [];
  private readonly waivers: WaiverComments;
  /** Groups of the rule documents so far; undefined before the first one. */
  private groups?: RuleGroup[];
  private undecided = false;
  /** First YAML document, the only one that Loki reads. */
  private first?: { readonly root: Node | null; readonly classified: Classified };

  constructor(
    private readonly source: SourceText,
    private readonly options: ScanOptions,
  ) {
    this.waivers = new WaiverComments(source);
  }

  scan(): Scan {
    const { source, options } = this;
    if (options.inFolder && !mayConcern(source.text)) return this.result(!hasContent(source.text));
    const { documents: parsed, problems } = parseYaml(source.text);
    const documents = problems.length > 0 ? [] : parsed;
    if (problems.length > 0) this.broken(problems);
    const kinds = documents.map((document) => classify(document, options.language ?? 'logql'));
    this.first = documents[0] && kinds[0] && { root: documents[0].root, classified: kinds[0] };
    for (const [i, document] of documents.entries()) this.document(document, kinds[i]);
    return this.result(problems.length === 0 && kinds.every(({ kind }) => kind === 'empty'));
  }

  private result(empty: boolean): Scan {
    const { source, rules, alertmanager, findings, skipped, undecided } = this;
    if (this.groups || (empty && !this.options.inFolder)) {
      const file = { name: basename(source.file), groups: this.groups ?? [] };
      rules.unshift(withSource(file, () => source.placeAt(0)));
    }
    if (rules.length > 0) this.report(this.waivers.findings());
    const plain = this.groups !== undefined || empty ? source.text : undefined;
    return { rules, plain, alertmanager, findings, empty, undecided, skipped };
  }

  /** Reports a text that is not valid YAML: in a folder, only if it looks like rules or routes, and only once. */
  private broken(problems: readonly YamlProblem[]): void {
    const kind = isAlertmanagerKey(this.options.key) ? 'alertmanager' : textKind(this.source.text);
    const reader = kind === 'alertmanager' ? 'Alertmanager' : 'Loki';
    const all = problems.map(({ problem, fix, offset }) =>
      finding('yaml-syntax', {
        problem: `invalid YAML, which ${reader} refuses: ${problem}`,
        fix,
        place: this.source.placeAt(offset),
      }),
    );
    const concerns = kind === 'rules' || kind === 'alertmanager';
    if (!this.options.inFolder) this.report(all);
    else if (concerns) this.report(all.slice(0, 1));
    else this.skipped.push({ kind, evidence: 'its text', isObject: false, place: this.source.placeAt(0) });
  }

  private report(findings: readonly Finding[]): void {
    for (const finding of findings.slice(0, MAX_FINDINGS - this.findings.length)) this.findings.push(finding);
  }

  private document(document: YamlDocument, classified = classify(document, this.options.language ?? 'logql')): void {
    const { root } = document;
    switch (classified.kind) {
      case 'empty':
        break;
      case 'rules':
        this.undecided = this.groups === undefined && classified.language === undefined;
        this.ruleDocument(document);
        break;
      case 'misplaced-rules':
        this.misplaced(document, classified.found);
        break;
      case 'rule-resource':
        this.resource(document);
        break;
      case 'texts':
        this.texts(document);
        break;
      case 'list': {
        for (const item of listItems(document) ?? []) this.document(item);
        break;
      }
      case 'alertmanager':
        this.routes(root, classified.evidence);
        break;
      default:
        this.otherDocument(document, classified);
    }
  }

  private routes(root: Node | null, evidence: string): void {
    const { source, options } = this;
    // Some templates of manifests happen to be valid YAML, e.g. `receiver: {{ .Values.receiver }}`.
    if (options.inFolder && isManifestTemplate(source.text)) {
      this.skipped.push({
        kind: 'template',
        evidence,
        isObject: false,
        place: source.placeAt(root?.range?.[0] ?? 0),
      });
    } else {
      this.alertmanager.push(source);
    }
  }

  private misplaced(document: YamlDocument, found: FoundRules): void {
    const decoder = new Decoder(this.source, document);
    const { problem, fix } = shapeProblem(found);
    decoder.report('rule-file-shape', document.root, { path: [], subject: 'rule file' }, problem, fix);
    this.report(decoder.findings);
  }

  private otherDocument(
    document: YamlDocument,
    classified: Extract<Classified, { readonly kind: Skipped['kind'] }>,
  ): void {
    const { root } = document;
    const unknown = classified.kind === 'other' && !classified.other;
    if (classified.kind === 'other' && isMap(root) && isAlertmanagerKey(this.options.key)) {
      // The key identifies it, even if most of its content is invalid.
      this.routes(root, classified.evidence);
    } else if (classified.kind === 'prometheus-rules' && this.isMeantForLoki(document)) {
      this.resource(document);
    } else if (unknown && !this.options.inFolder && isMap(root) && root.has('groups')) {
      // A file that was named as a rule file, but has no valid rule: the reader reports each field.
      this.ruleDocument(document);
    } else {
      const place = this.source.placeAt(root?.range?.[0] ?? 0);
      this.skipped.push({ ...classified, isObject: objectKind(document) !== undefined, place });
    }
  }

  /** True if labels select the PrometheusRules for Loki, which then matter more than the expressions. */
  private isMeantForLoki(document: YamlDocument): boolean {
    const { prometheusRuleLabels } = this.options;
    return prometheusRuleLabels !== undefined && textAt(document, 'kind') === 'PrometheusRule';
  }

  private ruleDocument(document: YamlDocument): void {
    const reader = new RuleGroupReader(this.source, document, this.waivers, this.groups?.length);
    if (this.options.target === 'loki') this.reportUnread(reader.decoder, document);
    const groups = reader.ruleFile(document.root);
    // Without a group, the file is not empty if its content is wrong.
    if (groups.length > 0 || reader.decoder.findings.length === 0) this.groups = [...(this.groups ?? []), ...groups];
    this.report(reader.decoder.findings);
  }

  /** Reports what Loki does not read: other documents than the first, and other versions of YAML than 1.1. */
  private reportUnread(decoder: Decoder, { root }: YamlDocument): void {
    const directive = YAML_DIRECTIVE.exec(this.source.text)?.[1];
    if (directive !== undefined && !this.groups) {
      const problem = `Loki refuses the whole file because of "${directive}": its YAML parser only supports YAML 1.1`;
      decoder.report('yaml-syntax', null, { path: [], subject: 'rule file' }, problem, 'remove the line');
    }
    const at = { path: [], subject: 'rules' };
    if (this.groups) {
      const problem = 'Loki reads only the first YAML document of a file';
      const fix = 'move the rules to the first document, or to a file of their own';
      decoder.report('second-document', root, at, problem, fix);
    } else if (this.first && this.first.root !== root) {
      const { kind, evidence } = this.first.classified;
      const first = kind === 'empty' ? 'is empty' : `is something else (${evidence})`;
      const problem = `Loki reads only the first YAML document of a file, which ${first}`;
      decoder.report('second-document', root, at, problem, 'remove the documents before the rules');
    }
  }

  private resource(document: YamlDocument): void {
    const { root } = document;
    const prometheusRule = textAt(document, 'kind') === 'PrometheusRule';
    if (prometheusRule && textAt(document, 'metadata', 'annotations', LANGUAGE.annotation) === LANGUAGE.promql) return;
    const wanted = prometheusRule ? Object.entries(this.options.prometheusRuleLabels ?? {}) : [];
    if (!wanted.every(([label, value]) => textAt(document, 'metadata', 'labels', label) === value)) return;
    const reader = new RuleGroupReader(this.source, document, this.waivers);
    const name = [
      textAt(document, 'kind'),
      textAt(document, 'metadata', 'namespace'),
      textAt(document, 'metadata', 'name'),
    ];
    const file = {
      name: `${name.filter((part) => part !== undefined).join('-')}.yaml`.toLowerCase(),
      groups: reader.groups(nodeAt(document, ['spec', 'groups']) ?? null),
    };
    const place = reader.decoder.place(root);
    const { groups, findings } = withAnnotatedWaivers(file.groups, reader.decoder, document);
    const tenant =
      textAt(document, 'spec', 'tenantID') ?? textAt(document, 'metadata', 'annotations', TENANT_ANNOTATION);
    this.rules.push(
      withTenant(
        withSource({ ...file, groups }, () => place),
        tenant,
      ),
    );
    this.report([...reader.decoder.findings, ...findings]);
  }

  /** Scans the texts of a ConfigMap or Secret as files. */
  private texts(document: YamlDocument): void {
    const { texts, others } = textsOf(document, this.source);
    const annotation = (name: string) => textAt(document, 'metadata', 'annotations', name);
    const tenant = annotation(TENANT_ANNOTATION) ?? basename(annotation(SIDECAR_FOLDER) ?? '');
    for (const each of texts) {
      const { key, text, from, to } = each;
      const inner = scanYaml(text, { ...this.options, inFolder: true, key });
      this.waivers.exclude(from, to);
      this.rules.push(...inner.rules.map((file) => withTenant(Object.assign(file, { name: key }), tenant)));
      const beside = texts.filter((other) => other !== each);
      this.alertmanager.push(...inner.alertmanager.map((routes) => ({ ...routes, beside })));
      this.skipped.push(...inner.skipped.filter(({ kind }) => kind === 'prometheus-rules'));
      this.report(inner.findings);
    }
    for (const { field, key, place } of others.filter((other) => /\.ya?ml(\.gz)?$/.test(other.key))) {
      const other = {
        name: `an object whose ${field} "${key}" is not base64-encoded text`,
        use: 'encode it, or move it to stringData',
      };
      this.skipped.push({ kind: 'other', evidence: 'its data', isObject: true, other, place });
    }
  }
}
