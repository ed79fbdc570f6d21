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
import { TENANT_ANNOTATION, withTenant } from '../tenant';
import { type Classified, classify, type RuleLanguage } from './documents';
import type { OtherKind } from './other-kinds';
import { RuleGroupReader } from './rule-groups';
import type { FoundRules } from './rule-shapes';
import { shapeProblem } from './shape-problem';
import { hasContent, isAlertmanagerKey, isManifestTemplate, mayConcern, textKind } from './text-kind';
import { WaiverComments } from './waiver-comments';

export interface ScanOptions {
  /**
   * `loki`: the file goes to Loki as it stands, so a second YAML document is an error, because Loki ignores it.
   * `synthesis`: the rules of all documents are taken. @default 'synthesis'
   */
  readonly target?: 'loki' | 'synthesis';
  /**
   * Labels of the PrometheusRule resources that are meant for Loki, as Alloy's `rule_selector` has them; the others hold
   * PromQL. @default all are taken but those in PromQL
   */
  readonly prometheusRuleLabels?: Readonly<Record<string, string>>;
  /** Language of rules; `auto` tells it by their expressions, and passes over those in PromQL. @default 'logql' */
  readonly language?: RuleLanguage;
  /**
   * Whether the file was found in a folder, where most files are about something else, and nothing is said of them.
   * @default false, it was named, so it should hold rules or routes
   */
  readonly inFolder?: boolean;
  /** Name of the text in the ConfigMap or Secret that holds it. @default none, it is a file */
  readonly key?: string;
}

/** What a YAML text holds for Loki's ruler and Alertmanager. */
export interface Scan {
  readonly rules: readonly RuleFile[];
  /** Whether the text is a rule file itself, and no manifest that holds some. */
  readonly plain: boolean;
  /** Texts that are an `alertmanager.yml`. */
  readonly alertmanager: readonly AlertmanagerText[];
  /** What was wrong while reading. */
  readonly findings: readonly Finding[];
  /** Whether it has no content: Loki stops at such a file among its rule files. */
  readonly empty: boolean;
  /** What of the text is passed over: rules of Prometheus, files and objects that hold none, templates of manifests. */
  readonly passedOver: readonly PassedOver[];
}

/** A text that is an `alertmanager.yml`. */
export interface AlertmanagerText extends SourceText {
  /** What the ConfigMap or Secret that holds it holds besides. @default undefined, it is a file of its own */
  readonly beside?: readonly ObjectText[];
}

/** Something that is neither rules nor routes for this system. */
export interface PassedOver {
  readonly kind: 'prometheus-rules' | 'template' | 'other';
  /** What told it apart. */
  readonly evidence: string;
  /** Whether it is an object of Kubernetes, whose kind says that it is for others. */
  readonly isObject: boolean;
  readonly other?: OtherKind;
  readonly place: Place;
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

/** A directive that Loki's YAML reader refuses: it takes 1.1 only (`yaml_parser_process_directives` in go-yaml's parserc.go). */
const YAML_DIRECTIVE = /^(?:[ \t]*(?:#.*)?\r?\n)*(%YAML[ \t]+(?!1\.1\b)\S+)/;

class Scanner {
  private readonly rules: RuleFile[] = [];
  private readonly alertmanager: AlertmanagerText[] = [];
  private readonly findings: Finding[] = [];
  private readonly passedOver: PassedOver[] = [];
  private readonly waivers: WaiverComments;
  /** Groups of the plain rule documents; undefined before the first one. */
  private groups?: RuleGroup[];
  /** The first YAML document: Loki reads no other. */
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
    const { source, rules, alertmanager, findings, passedOver } = this;
    if (this.groups || (empty && !this.options.inFolder)) {
      const file = { name: basename(source.file), groups: this.groups ?? [] };
      rules.unshift(withSource(file, () => source.placeAt(0)));
    }
    if (rules.length > 0) this.report(this.waivers.findings());
    return { rules, plain: this.groups !== undefined || empty, alertmanager, findings, empty, passedOver };
  }

  /** A text that is not YAML. In a folder it counts only if it looks like rules or routes, and once. */
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
    else this.passedOver.push({ kind, evidence: 'its text', isObject: false, place: this.source.placeAt(0) });
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
    // Some templates of manifests are YAML by chance, as `receiver: {{ .Values.receiver }}` is.
    if (options.inFolder && isManifestTemplate(source.text)) {
      this.passedOver.push({
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
    classified: Extract<Classified, { readonly kind: PassedOver['kind'] }>,
  ): void {
    const { root } = document;
    const unknown = classified.kind === 'other' && !classified.other;
    if (classified.kind === 'other' && isMap(root) && isAlertmanagerKey(this.options.key)) {
      // The key says what it is, however little of it is right.
      this.routes(root, classified.evidence);
    } else if (classified.kind === 'prometheus-rules' && this.isMeantForLoki(document)) {
      this.resource(document);
    } else if (unknown && !this.options.inFolder && isMap(root) && root.has('groups')) {
      // A file that was named as one of rules, and has none of their fields: what is wrong is said field by field.
      this.ruleDocument(document);
    } else {
      const place = this.source.placeAt(root?.range?.[0] ?? 0);
      this.passedOver.push({ ...classified, isObject: objectKind(document) !== undefined, place });
    }
  }

  /** Labels that select a PrometheusRule say what it is for, whatever its expressions look like. */
  private isMeantForLoki(document: YamlDocument): boolean {
    const { prometheusRuleLabels } = this.options;
    return prometheusRuleLabels !== undefined && textAt(document, 'kind') === 'PrometheusRule';
  }

  private ruleDocument(document: YamlDocument): void {
    const reader = new RuleGroupReader(this.source, document, this.waivers, this.groups?.length);
    if (this.options.target === 'loki') this.whatLokiReads(reader.decoder, document);
    const groups = reader.ruleFile(document.root);
    this.groups = [...(this.groups ?? []), ...groups];
    this.report(reader.decoder.findings);
  }

  /** Loki reads the first YAML document of a file, in YAML 1.1. */
  private whatLokiReads(decoder: Decoder, { root }: YamlDocument): void {
    const directive = YAML_DIRECTIVE.exec(this.source.text)?.[1];
    if (directive !== undefined && !this.groups) {
      const problem = `Loki refuses the whole file because of '${directive}': its YAML parser only supports 1.1`;
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
      decoder.report('second-document', root, at, problem, "remove what comes before them, with its '---'");
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
    this.rules.push(withSource(file, () => place));
    this.report(reader.decoder.findings);
  }

  /** Texts in a ConfigMap or a Secret are read as the files that they become. */
  private texts(document: YamlDocument): void {
    const { texts, others } = textsOf(document, this.source);
    const tenant = textAt(document, 'metadata', 'annotations', TENANT_ANNOTATION);
    for (const each of texts) {
      const { key, text, from, to } = each;
      const inner = scanYaml(text, { ...this.options, inFolder: true, key });
      this.waivers.leaveOut(from, to);
      this.rules.push(...inner.rules.map((file) => withTenant(Object.assign(file, { name: key }), tenant)));
      const beside = texts.filter((other) => other !== each);
      this.alertmanager.push(...inner.alertmanager.map((routes) => ({ ...routes, beside })));
      this.passedOver.push(...inner.passedOver.filter(({ kind }) => kind === 'prometheus-rules'));
      this.report(inner.findings);
    }
    for (const { field, key, place } of others.filter((other) => /\.ya?ml(\.gz)?$/.test(other.key))) {
      const other = {
        name: `an object whose ${field} "${key}" is not a text in base64`,
        use: 'encode it, or move it to stringData',
      };
      this.passedOver.push({ kind: 'other', evidence: 'its data', isObject: true, other, place });
    }
  }
}
