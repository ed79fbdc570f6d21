import { ANY, BOOL, FLOAT, type GoType, INT, STRING } from './types';

/** Result of a call, or the error with which it fails. */
export type Call = { readonly result: GoType } | { readonly problem: string };

/** A function of Go's text/template: number of arguments, and result for their types. */
interface Builtin {
  readonly min: number;
  /** @default any number */
  readonly max?: number;
  readonly call: (args: readonly GoType[]) => Call;
}

const returns = (result: GoType) => () => ({ result });
const PRINT: Builtin = { min: 0, call: returns(STRING) };
const ORDER: Builtin = { min: 2, max: 2, call: ordered };
const CHOICE: Builtin = {
  min: 1,
  call: ([first = ANY, ...others]) => ({ result: others.every((other) => other === first) ? first : ANY }),
};

/**
 * Functions of Go's text/template.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/text/template/funcs.go
 */
export const BUILTINS: Readonly<Record<string, Builtin>> = {
  and: CHOICE,
  or: CHOICE,
  not: { min: 1, max: 1, call: returns(BOOL) },
  call: { min: 1, call: ([of = ANY]) => (of.kind === 'any' ? { result: ANY } : fail(`cannot call ${of.name}`)) },
  html: PRINT,
  js: PRINT,
  print: PRINT,
  println: PRINT,
  urlquery: PRINT,
  printf: {
    min: 1,
    call: ([format = ANY]) =>
      format.kind === 'any' || format.name === STRING.name
        ? { result: STRING }
        : fail(`printf expects a string first, got ${format.name}`),
  },
  len: { min: 1, max: 1, call: length },
  index: { min: 1, call: ([item = ANY, ...keys]) => keys.reduce(indexed, { result: item } as Call) },
  slice: { min: 1, max: 4, call: sliced },
  eq: { min: 1, call: equal },
  ne: { min: 2, max: 2, call: equal },
  lt: ORDER,
  le: ORDER,
  gt: ORDER,
  ge: ORDER,
};

function fail(problem: string): Call {
  return { problem };
}

function length([item = ANY]: readonly GoType[]): Call {
  if (['any', 'string', 'map', 'list'].includes(item.kind)) return { result: INT };
  return fail(`${item.name} has no length`);
}

function indexed(before: Call, key: GoType): Call {
  if ('problem' in before) return before;
  const { result: item } = before;
  const fits = (kind: GoType['kind']) => key.kind === 'any' || key.kind === kind;
  switch (item.kind) {
    case 'any':
      return before;
    case 'map':
      return fits('string')
        ? { result: item.items ?? ANY }
        : fail(`a key of ${item.name} is a string, not ${key.name}`);
    case 'list':
    case 'string':
      if (!fits('int')) return fail(`an index of ${item.name} is a number, not ${key.name}`);
      return { result: item.kind === 'string' ? INT : (item.items ?? ANY) };
    default:
      return fail(`cannot index ${item.name}`);
  }
}

function sliced([item = ANY, ...indexes]: readonly GoType[]): Call {
  if (!['any', 'string', 'list'].includes(item.kind)) return fail(`cannot slice ${item.name}`);
  const wrong = indexes.find(({ kind }) => kind !== 'any' && kind !== 'int');
  return wrong ? fail(`an index of ${item.name} is a number, not ${wrong.name}`) : { result: item };
}

const BASIC: readonly GoType['kind'][] = ['string', 'bool', 'int', 'float'];

function equal([first = ANY, ...others]: readonly GoType[]): Call {
  if (others.length === 0) return fail('eq expects something to compare with');
  for (const other of others) {
    if ([first, other].some(({ kind }) => kind === 'any' || kind === 'nil')) continue;
    const basic = [first, other].filter(({ kind }) => BASIC.includes(kind)).length;
    const differ = basic === 1 || first.kind !== other.kind;
    if (differ || other.incomparable) return fail(`cannot compare ${first.name} with ${other.name}`);
  }
  return { result: BOOL };
}

function ordered([first = ANY, second = ANY]: readonly GoType[]): Call {
  if (first.kind === 'any' || second.kind === 'any') return { result: BOOL };
  const orderable = [STRING.kind, INT.kind, FLOAT.kind].includes(first.kind) && first.kind === second.kind;
  return orderable ? { result: BOOL } : fail(`cannot compare ${first.name} with ${second.name}`);
}
