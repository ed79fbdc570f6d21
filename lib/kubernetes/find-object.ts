import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { throwSynthErrors } from './synth-errors';

/** Kind of an object, and its name if there are several. */
export interface ObjectId {
  readonly kind: string;
  readonly name?: string;
}

/**
 * Returns an object in some constructs.
 *
 * @param owner construct that users know, for errors
 * @throws Error if there is no such object, or several
 */
export function findObject(owner: IConstruct, scopes: readonly IConstruct[], { kind, name }: ObjectId): ApiObject {
  const all = scopes.flatMap(({ node }) => node.findAll()).filter((each) => each instanceof ApiObject);
  const found = all.filter((each) => each.kind === kind && (name === undefined || each.name === name));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  // An object that invalid options would have created.
  throwSynthErrors(owner);
  const given = name === undefined ? kind : `${kind} '${name}'`;
  const known = (first === undefined ? all : found).map((each) => `${each.kind} '${each.name}'`).join(', ');
  const { path } = owner.node;
  throw new Error(
    first === undefined
      ? `'${path}' has no ${given}: use one of ${known}`
      : `'${path}' has several objects of kind ${kind}: give the name too, one of ${known}`,
  );
}
