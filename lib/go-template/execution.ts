import type { BranchNode, CallNode, Command, Expression, Fields, Pipeline, Span, TemplateNode } from './ast';
import { BUILTINS } from './builtins';
import { type FormatProblem, print, printf } from './printf';
import { ANY, type GoFunction, type GoType, type GoValue, INT, isAssignable, NIL, STRING } from './types';
import { constantOf, constantText, constantType, countProblem, fits } from './values';

/** A template that others can call. */
export interface DefinedTemplate<Owner> {
  readonly nodes: readonly TemplateNode[];
  /** The text that defines it. */
  readonly owner: Owner;
}

/** Values and functions that a program gives to its templates. */
export interface ExecutionContext<Owner> {
  readonly functions: Readonly<Record<string, GoFunction>>;
  /** Templates by name; calls of others are not followed. */
  readonly templates: ReadonlyMap<string, DefinedTemplate<Owner>>;
  /** Returns why a template that is not in `templates` fails with a dot. @default none is known */
  readonly callProblem?: (name: string, dot: GoType) => string | undefined;
  /** Types of variables that are set before the template runs, with their `$`. @default none */
  readonly variables?: Readonly<Record<string, GoType>>;
}

/** An error with which the execution of a template stops. */
export interface ExecutionProblem<Owner> extends Span {
  readonly message: string;
  /** The field that a type does not have. @default none, another problem */
  readonly field?: {
    readonly type: GoType;
    readonly name: string;
    /** Type of `$` at this place. */
    readonly root: GoType;
  };
  /** @default the template that was executed */
  readonly owner?: Owner;
}

/** Result of executing a template with types. */
export interface ExecutionResult<Owner> {
  readonly problems: readonly ExecutionProblem<Owner>[];
  /** Mistakes that the text will show, with which the execution goes on. */
  readonly formatProblems: readonly OwnedFormatProblem<Owner>[];
}

/** A problem of `printf` in a template. */
export interface OwnedFormatProblem<Owner> extends FormatProblem {
  /** @default the template that was executed */
  readonly owner?: Owner;
}

/**
 * Returns the errors of Go's text/template when it executes a template: an unknown field, an argument of the wrong
 * type, … Go stops at the first that it reaches. Mistakes of `printf` are separate.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/text/template/exec.go
 */
export function execute<Owner>(
  nodes: readonly TemplateNode[],
  dot: GoType,
  context: ExecutionContext<Owner>,
): ExecutionResult<Owner> {
  const execution = new Execution(context);
  execution.run(nodes, dot);
  return execution;
}

class Execution<Owner> implements ExecutionResult<Owner> {
  readonly problems: ExecutionProblem<Owner>[] = [];
  readonly formatProblems: OwnedFormatProblem<Owner>[] = [];
  private owner?: Owner;
  private variables: { readonly name: string; value: GoValue }[] = [];
  /** Dots with which each template was called: a template may call itself. */
  private readonly called = new Map<string, Set<GoType>>();
  /** Calls that are being executed, with the number of branches around each. */
  private readonly active: { readonly name: string; readonly dot: GoType; readonly branches: number }[] = [];
  private branches = 0;

  constructor(private readonly context: ExecutionContext<Owner>) {}

  run(nodes: readonly TemplateNode[], dot: GoType): void {
    const known = Object.entries(this.context.variables ?? {}).map(([name, type]) => ({ name, value: { type } }));
    this.variables = [{ name: '$', value: { type: dot } }, ...known];
    this.walk(nodes, dot);
  }

  private fail(message: string, { from, to }: Span, field?: ExecutionProblem<Owner>['field']): GoType {
    const isKnown = this.problems.some((each) => each.owner === this.owner && each.from === from && each.to === to);
    if (!isKnown) this.problems.push({ message, from, to, owner: this.owner, ...(field && { field }) });
    return ANY;
  }

  private walk(nodes: readonly TemplateNode[], dot: GoType): void {
    for (const node of nodes) {
      if (node.kind === 'action') this.pipeline(node.pipe, dot);
      else if (node.kind === 'template') this.call(node, dot);
      else this.branch(node, dot);
    }
  }

  private branch({ kind, pipe, body, otherwise }: BranchNode, dot: GoType): void {
    const outer = this.variables.length;
    this.branches++;
    if (kind === 'range') this.range(pipe, body, dot);
    else {
      const { type } = this.pipeline(pipe, dot);
      if (type.kind !== 'nil') this.walk(body, kind === 'with' ? type : dot);
    }
    this.walk(otherwise, dot);
    this.branches--;
    this.variables.length = outer;
  }

  private range(pipe: Pipeline, body: readonly TemplateNode[], dot: GoType): void {
    const { type } = this.pipeline({ ...pipe, variables: [] }, dot);
    const [key, item] = this.elements(type, pipe);
    const types = pipe.variables.length === 2 ? [key, item] : [item];
    pipe.variables.forEach((name, i) => {
      this.set(name, { type: types[i] ?? ANY }, pipe.assigns);
    });
    if (type.kind !== 'nil') this.walk(body, item);
  }

  /** The types of keys and elements of what a `range` iterates over. */
  private elements(type: GoType, pipe: Pipeline): readonly [GoType, GoType] {
    switch (type.kind) {
      case 'list':
        return [INT, type.items ?? ANY];
      case 'map':
        return [STRING, type.items ?? ANY];
      case 'int':
        if (pipe.variables.length === 2) this.fail('a range over a number has one variable', pipe);
        return [INT, INT];
      case 'any':
      case 'nil':
        return [ANY, ANY];
      default:
        this.fail(`cannot range over ${type.name}`, pipe);
        return [ANY, ANY];
    }
  }

  private call({ name, pipe, ...span }: CallNode, outer: GoType): void {
    const dot = pipe ? this.pipeline(pipe, outer).type : NIL;
    const template = this.context.templates.get(name);
    if (!template) {
      const problem = this.context.callProblem?.(name, dot);
      if (problem !== undefined) this.fail(problem, span);
      return;
    }
    const dots = this.called.get(name) ?? new Set();
    this.called.set(name, dots);
    const around = this.active.find((each) => each.name === name && each.dot === dot);
    // Without a condition between the two calls, nothing ends them.
    if (around?.branches === this.branches) this.fail(`template "${name}" calls itself without end`, span);
    if (dots.has(dot)) return;
    dots.add(dot);
    this.active.push({ name, dot, branches: this.branches });
    const { variables, owner } = this;
    this.variables = [{ name: '$', value: { type: dot } }];
    this.owner = template.owner;
    this.walk(template.nodes, dot);
    this.active.pop();
    this.variables = variables;
    this.owner = owner;
  }

  private set(name: string, value: GoValue, assigns: boolean): void {
    const variable = assigns ? this.variables.findLast((each) => each.name === name) : undefined;
    if (!variable) this.variables.push({ name, value });
    // The assignment may be in a branch.
    else variable.value = { type: variable.value.type === value.type ? value.type : ANY };
  }

  private pipeline({ commands, variables, assigns }: Pipeline, dot: GoType): GoValue {
    let value: GoValue | undefined;
    for (const command of commands) value = this.command(command, dot, value);
    const result = value ?? { type: ANY };
    for (const name of variables) this.set(name, result, assigns);
    return result;
  }

  /** @param last result of the command before, which is the last argument of this one */
  private command([first, ...args]: Command, dot: GoType, last?: GoValue): GoValue {
    if (!first) return { type: ANY };
    if (first.kind === 'function') return this.function(first.name, first, args, dot, last);
    if (first.kind === 'fields') return this.fields(first, args, dot, last);
    if (args.length > 0 || last) return { type: this.fail('a value that is not a function has arguments', first) };
    if (first.kind === 'constant' && first.type === 'nil') return { type: this.fail('nil is not a command', first) };
    return this.value(first, dot);
  }

  private value(expression: Expression, dot: GoType): GoValue {
    switch (expression.kind) {
      case 'constant':
        return { type: constantType(expression), text: constantText(expression) };
      case 'dot':
        return { type: dot };
      case 'variable':
        return this.variables.findLast(({ name }) => name === expression.name)?.value ?? { type: ANY };
      case 'function':
        return this.function(expression.name, expression, [], dot);
      case 'pipe': {
        const { length } = this.variables;
        const value = this.pipeline(expression.pipe, dot);
        this.variables.length = length;
        return value;
      }
      case 'fields':
        return this.fields(expression, [], dot);
    }
  }

  private fields({ of, names }: Fields, args: readonly Expression[], dot: GoType, last?: GoValue): GoValue {
    let value = this.value(of, dot);
    for (const [i, { name, ...span }] of names.entries()) {
      const isLast = i === names.length - 1;
      const { type } = value;
      value = { type: this.field(type, name, span, isLast ? args : [], dot, isLast ? last : undefined) };
      if (type.kind === 'map') value = { ...value, label: name };
    }
    return value;
  }

  private field(
    type: GoType,
    name: string,
    span: Span,
    args: readonly Expression[],
    dot: GoType,
    last: GoValue | undefined,
  ): GoType {
    if (type.kind === 'any' || type.kind === 'nil') {
      for (const arg of args) this.value(arg, dot);
      return type;
    }
    const method = own(type.methods, name);
    if (method) return this.apply(name, method, span, args, dot, last).type;
    if (type.kind === 'map') this.checkKey(type, name, span);
    const found = type.kind === 'map' ? (type.items ?? ANY) : own(type.fields, name);
    if (!found)
      return this.fail(`${type.name} has no field "${name}"`, span, {
        type,
        name,
        root: this.root,
      });
    if (args.length > 0 || last) return this.fail(`"${name}" is not a function, but has arguments`, span);
    return found;
  }

  /** Reports a key that a map does not have; its value is empty. */
  private checkKey(type: GoType, name: string, span: Span): void {
    if (type.keys && !type.keys.has(name))
      this.fail(`${type.name} has no "${name}"`, span, { type, name, root: this.root });
  }

  private get root(): GoType {
    return this.variables[0]?.value.type ?? ANY;
  }

  private function(name: string, span: Span, args: readonly Expression[], dot: GoType, last?: GoValue): GoValue {
    const function_ = own(this.context.functions, name);
    if (function_) return this.apply(name, function_, span, args, dot, last);
    const builtin = own(BUILTINS, name);
    if (!builtin) return { type: ANY };
    const values = [...args.map((arg) => this.value(arg, dot)), ...(last ? [last] : [])];
    const { min, max = Number.POSITIVE_INFINITY } = builtin;
    const wrong = countProblem(name, values.length, min, max);
    if (wrong !== undefined) return { type: this.fail(wrong, span) };
    const called = builtin.call(values.map(({ type }) => type));
    if ('problem' in called) return { type: this.fail(called.problem, span) };
    return { type: called.result, ...this.detail(name, values, span) };
  }

  /** Text of a builtin's result, and label of `index $labels "app"`. */
  private detail(name: string, values: readonly GoValue[], span: Span): Partial<GoValue> {
    const [first, ...others] = values;
    if (name === 'print') return { text: print(values, span.from) };
    if (name === 'printf') {
      const { text, problems } = printf(first?.text, others);
      this.formatProblems.push(...problems.map((problem) => ({ ...problem, owner: this.owner })));
      return { text };
    }
    const key = name === 'index' && first?.type.kind === 'map' ? constantOf(others[0]) : undefined;
    if (!first || key === undefined) return {};
    this.checkKey(first.type, key, span);
    return { label: key };
  }

  private apply(
    name: string,
    { params, rest, result, problem, reads, resultOf }: GoFunction,
    span: Span,
    args: readonly Expression[],
    dot: GoType,
    last: GoValue | undefined,
  ): GoValue {
    const count = args.length + (last ? 1 : 0);
    const wrong = countProblem(name, count, params.length, rest ? Number.POSITIVE_INFINITY : params.length);
    if (wrong !== undefined) return { type: this.fail(wrong, span) };
    if (!result) return { type: this.fail(`"${name}" returns several values, which a template cannot use`, span) };
    const values = [...args.map((arg) => this.value(arg, dot)), ...(last ? [last] : [])];
    const misfit = values.findIndex(({ type }, i) => {
      const wanted = params[i] ?? rest ?? ANY;
      const arg = args[i];
      return arg?.kind === 'constant' ? !fits(arg, wanted) : !isAssignable(type, wanted);
    });
    const error =
      misfit < 0
        ? problem?.(values.map(constantOf))
        : `${name} expects ${(params[misfit] ?? rest)?.name}, got ${values[misfit]?.type.name}`;
    if (error !== undefined) this.fail(error, args[misfit] ?? span);
    const read = misfit < 0 ? reads?.(values) : undefined;
    const key = constantOf(read?.key);
    if (read && key !== undefined) this.checkKey(read.of, key, span);
    return { type: misfit < 0 && resultOf ? resultOf(values) : result };
  }
}

function own<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined;
}
