/** A value of Alloy's configuration language. */
export type Value = string | number | boolean | Expression | readonly Value[];

/** What is written as it is: the name of another component's field, say. */
export class Expression {
  constructor(readonly text: string) {}
}

/** A block, `name "label" { … }`, with attributes and blocks in their order. */
export interface Block {
  readonly name: string;
  readonly label?: string;
  readonly attributes?: Readonly<Record<string, Value | undefined>>;
  readonly blocks?: readonly Block[];
}

/** @see https://grafana.com/docs/alloy/latest/get-started/configuration-syntax/syntax/ */
export function alloyText(blocks: readonly Block[]): string {
  return blocks.map((block) => blockText(block, '')).join('\n');
}

function blockText({ name, label, attributes = {}, blocks = [] }: Block, indent: string): string {
  const head = label === undefined ? name : `${name} ${JSON.stringify(label)}`;
  const inner = `${indent}  `;
  const lines = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [`${inner}${key} = ${valueText(value)}\n`],
  );
  const inside = [...lines, ...blocks.map((block) => blockText(block, inner))].join('');
  return inside === '' ? `${indent}${head} { }\n` : `${indent}${head} {\n${inside}${indent}}\n`;
}

function valueText(value: Value): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return JSON.stringify(value);
}
