import { type Construct, Dependable, type IConstruct } from 'constructs';

/**
 * Lets a construct stand for others that are not its children: who depends on it depends on them, and what it depends
 * on, they depend on.
 *
 * @param parts these constructs, which may include the construct itself
 */
export function standFor(construct: Construct, parts: () => readonly IConstruct[]): void {
  Dependable.implement(construct, {
    get dependencyRoots() {
      return [...parts()];
    },
  });
  const { node } = construct;
  const addOwn = node.addDependency.bind(node);
  node.addDependency = (...dependencies) => {
    for (const part of parts()) {
      if (part === construct) addOwn(...dependencies);
      else part.node.addDependency(...dependencies);
    }
  };
}
