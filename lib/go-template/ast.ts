/** A part of a template's tree. Text and comments are left out: they neither fail nor have a type. */
export type TemplateNode = ActionNode | BranchNode | CallNode;

/** Offsets in the template's text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `{{ pipeline }}` */
export interface ActionNode {
  readonly kind: 'action';
  readonly pipe: Pipeline;
}

/** `{{ if }}`, `{{ with }}` and `{{ range }}` with both of their branches. */
export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

/** `{{ template "name" pipeline }}` */
export interface CallNode extends Span {
  readonly kind: 'template';
  readonly name: string;
  /** @default none, the template's dot is nil */
  readonly pipe?: Pipeline;
}

/** Commands, each of which receives the result of the one before as its last argument. */
export interface Pipeline extends Span {
  /** Variables that it declares or assigns, with their `$`. */
  readonly variables: readonly string[];
  /** True for `=`, false for `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function or value, followed by arguments. */
export type Command = readonly Expression[];

export type Expression = Constant | Dot | Variable | FunctionName | Parenthesized | Fields;

export interface Constant extends Span {
  readonly kind: 'constant';
  readonly type: 'string' | 'number' | 'bool' | 'nil';
  /** As it is written. */
  readonly text: string;
}

export interface Dot extends Span {
  readonly kind: 'dot';
}

export interface Variable extends Span {
  readonly kind: 'variable';
  /** With its `$`. */
  readonly name: string;
}

export interface FunctionName extends Span {
  readonly kind: 'function';
  readonly name: string;
}

export interface Parenthesized extends Span {
  readonly kind: 'pipe';
  readonly pipe: Pipeline;
}

/** `.Labels.app`, `$x.Labels`, `(index .Alerts 0).Labels` */
export interface Fields extends Span {
  readonly kind: 'fields';
  readonly of: Dot | Variable | Parenthesized | FunctionName;
  readonly names: readonly FieldName[];
}

export interface FieldName extends Span {
  readonly name: string;
}
