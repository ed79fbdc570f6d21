import type { LogSelection } from './options';

/** A name in the path of a log file, and a regular expression that matches the whole of it. */
export interface NameMatcher {
  readonly label: 'namespace' | 'pod' | 'container';
  readonly regexp: string;
}

/** Returns the matchers of a selection; none for all containers. */
export function nameMatchers({ namespaces, pods, containers }: LogSelection): NameMatcher[] {
  const lists = { namespace: namespaces, pod: pods, container: containers } as const;
  return (['namespace', 'pod', 'container'] as const).flatMap((label) => {
    const names = lists[label];
    return names === undefined ? [] : [{ label, regexp: names.map(nameRegexp).join('|') }];
  });
}

/** Names have no other special characters than dots; the schema requires it. */
function nameRegexp(name: string): string {
  return name.replaceAll('.', String.raw`\.`).replaceAll('*', '.*');
}
