import type { LabelFilterExpr, LogRange, Parser, PipelineStage } from '../../logql/syntax';
import type { Choose } from './choice';
import { ofComparison, ofLineFilter, ofMatcher, type Requirement } from './requirement';

/** A parser and the fields that it must find in the line. */
export interface ParsedFields {
  readonly parser: Parser;
  readonly fields: Map<string, Requirement[]>;
}

/** A line in one of its forms: as it was logged, or as `line_format` writes it from a field of the form before. */
export interface Layer {
  /** Label of the layer before with this line. @default none, it is the logged line */
  readonly field?: string;
  readonly texts: Requirement[];
  readonly parsers: ParsedFields[];
}

/** Conditions under which a pipeline keeps a line. */
export interface Conditions {
  /** Requirements on labels of the stream. */
  readonly labels: Map<string, Requirement[]>;
  readonly layers: readonly Layer[];
  /** Returns the requirements of a label at the end of the pipeline. */
  of(label: string): Requirement[];
  /** Returns the requirements of a label of the stream. */
  stream(label: string): Requirement[];
}

/** Collects the conditions of a selector and a pipeline. */
export function conditionsOf({ selector, stages, unwrap }: LogRange, choose: Choose): Conditions {
  const collector = new Collector();
  for (const matcher of selector.matchers) collector.stream(matcher.name).push(ofMatcher(matcher));
  for (const stage of stages) collector.add(stage, choose);
  for (const filter of unwrap?.filters ?? []) collector.filter(filter, choose);
  const { labels, layers } = collector;
  return { labels, layers, of: (label) => collector.label(label), stream: (label) => collector.stream(label) };
}

/** Labels that Loki sets for lines that it cannot parse. */
const ERRORS: ReadonlySet<string> = new Set(['__error__', '__error_details__']);

/** Field of a packed line that `unpack` makes the line. */
const PACKED_LINE = '_entry';

class Collector {
  readonly labels = new Map<string, Requirement[]>();
  readonly layers: Layer[] = [{ texts: [], parsers: [] }];
  /** Origins of the labels that `label_format` sets. */
  private readonly origins = new Map<string, string>();

  add(stage: PipelineStage, choose: Choose): void {
    const layer = this.layers.at(-1) as Layer;
    switch (stage.kind) {
      case 'line-filter':
        layer.texts.push(ofLineFilter(stage));
        break;
      case 'parser':
        layer.parsers.push({ parser: stage, fields: new Map() });
        if (stage.parser === 'unpack') this.layers.push({ field: PACKED_LINE, texts: [], parsers: [] });
        break;
      case 'label-filter':
        this.filter(stage.filter, choose);
        break;
      case 'label-format':
        for (const { label, rename, template } of stage.labels) {
          const origin = rename ?? fieldsIn(template?.value ?? '').at(-1);
          if (origin !== undefined && origin !== label) this.origins.set(label, this.origin(origin));
        }
        break;
      case 'line-format': {
        const field = fieldsIn(stage.template.value).at(-1);
        if (field !== undefined) this.layers.push({ field: this.origin(field), texts: [], parsers: [] });
        break;
      }
    }
  }

  /** Adds the requirements of a label filter. */
  filter(filter: LabelFilterExpr, choose: Choose): void {
    switch (filter.kind) {
      case 'label-and':
        this.filter(filter.left, choose);
        this.filter(filter.right, choose);
        break;
      case 'label-or':
        this.filter(choose(2) === 0 ? filter.left : filter.right, choose);
        break;
      case 'matcher':
        if (!ERRORS.has(filter.name)) this.label(filter.name).push(ofMatcher(filter));
        break;
      case 'label-comparison':
        this.label(filter.name).push(ofComparison(filter));
        break;
    }
  }

  /** Returns the requirements of a label: of a field that a parser extracts, or of the stream. */
  label(name: string): Requirement[] {
    const label = this.origin(name);
    const field = label.replace(/_extracted$/, '');
    if (label === field && this.labels.has(label)) return this.stream(label);
    const parsers = this.layers.flatMap((layer) => layer.parsers).toReversed();
    const found = parsers.find(({ parser }) => extracts(parser, field));
    if (!found) return this.stream(label);
    const requirements = found.fields.get(field) ?? [];
    found.fields.set(field, requirements);
    return requirements;
  }

  stream(name: string): Requirement[] {
    const requirements = this.labels.get(name) ?? [];
    this.labels.set(name, requirements);
    return requirements;
  }

  private origin(label: string): string {
    return this.origins.get(label) ?? label;
  }
}

/** Parsers that extract every field, unless some are named. */
const EXTRACT_ALL: ReadonlySet<string> = new Set(['json', 'logfmt', 'unpack']);

function extracts({ parser, captures, extractions }: Parser, label: string): boolean {
  if (extractions.length > 0) return extractions.some((extraction) => extraction.label === label);
  return captures.includes(label) || EXTRACT_ALL.has(parser);
}

/** Labels that a template mentions. */
function fieldsIn(template: string): string[] {
  return [...template.matchAll(/\{\{[^{}]*?\.(\w+)/g)].map(([, field = '']) => field);
}
