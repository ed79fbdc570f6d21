import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/** A generated class of a kind of objects. */
interface Kind<Props> {
  readonly manifest: (props: Props) => object;
}

/**
 * Creates an object of a kind.
 *
 * Not as an instance of the generated class: it converts the object again after its JSON patches, and so drops fields
 * that it does not know, of a newer Kubernetes, and plain values where it expects an `IntOrString`, such as a port.
 */
export function createObject<Props>(scope: Construct, id: string, kind: Kind<Props>, props: Props): ApiObject {
  return new ApiObject(scope, id, kind.manifest(props) as ConstructorParameters<typeof ApiObject>[2]);
}
