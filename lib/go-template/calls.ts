import type { Command, Constant, Expression, Pipeline, TemplateNode } from './ast';

/** A call of a function: its first argument, if it is a string constant. */
export interface FunctionCall {
  readonly constant?: Constant;
}

/** Returns all calls of a function in a template with one parameter, in order. */
export function callsOf(name: string, nodes: readonly TemplateNode[]): FunctionCall[] {
  return nodes.flatMap((node) => {
    const own = node.pipe ? inPipeline(name, node.pipe) : [];
    return node.kind === 'action' || node.kind === 'template'
      ? own
      : [...own, ...callsOf(name, node.body), ...callsOf(name, node.otherwise)];
  });
}

function inPipeline(name: string, { commands }: Pipeline): FunctionCall[] {
  return commands.flatMap((command, i) => {
    const inside = command.flatMap((expression) => inExpression(name, expression));
    const [first, argument] = command;
    if (first?.kind !== 'function' || first.name !== name) {
      const passed = command.slice(1).some((each) => each.kind === 'function' && each.name === name);
      return passed ? [...inside, {}] : inside;
    }
    return [...inside, { constant: stringOf(argument ?? onlyTerm(commands[i - 1])) }];
  });
}

function inExpression(name: string, expression: Expression): FunctionCall[] {
  if (expression.kind === 'pipe') return inPipeline(name, expression.pipe);
  return expression.kind === 'fields' ? inExpression(name, expression.of) : [];
}

function onlyTerm(command: Command | undefined): Expression | undefined {
  return command?.length === 1 ? command[0] : undefined;
}

function stringOf(expression: Expression | undefined): Constant | undefined {
  return expression?.kind === 'constant' && expression.type === 'string' ? expression : undefined;
}
