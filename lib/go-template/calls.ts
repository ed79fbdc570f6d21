import type { Expression, Pipeline, Span, TemplateNode } from './ast';

/** A call of a function: its name, and its first argument. */
export interface FunctionCall extends Span {
  /** @default none, it receives the result of the command before it, or nothing */
  readonly argument?: Expression;
}

/** Returns all calls of a function, in the order of the text. */
export function callsOf(name: string, nodes: readonly TemplateNode[]): FunctionCall[] {
  return nodes.flatMap((node) => {
    const own = node.pipe ? inPipeline(name, node.pipe) : [];
    return node.kind === 'action' || node.kind === 'template'
      ? own
      : [...own, ...callsOf(name, node.body), ...callsOf(name, node.otherwise)];
  });
}

function inPipeline(name: string, { commands }: Pipeline): FunctionCall[] {
  return commands.flatMap((command) =>
    command.flatMap((expression, i) => {
      if (expression.kind !== 'function' || expression.name !== name) return inExpression(name, expression);
      const { from, to } = expression;
      return [{ from, to, ...(i === 0 && command[1] && { argument: command[1] }) }];
    }),
  );
}

function inExpression(name: string, expression: Expression): FunctionCall[] {
  if (expression.kind === 'pipe') return inPipeline(name, expression.pipe);
  return expression.kind === 'fields' ? inExpression(name, expression.of) : [];
}
