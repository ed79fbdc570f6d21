import { hasDemo } from './profiles';
import type { LogAlertingProps } from './props';

/** Namespace of each part of the stack. */
export interface Namespaces {
  readonly logging: string;
  readonly logCollector: string;
  /** @default none, without the demo */
  readonly demo?: string;
}

/** Returns the namespaces of a stack, with their defaults. */
export function namespacesOf(
  props: Pick<LogAlertingProps, 'profile' | 'demo' | 'namespaces'> & { readonly loki?: object },
): Namespaces {
  const { namespaces = {} } = props;
  return {
    logging: namespaces.logging ?? 'logging',
    logCollector: namespaces.logCollector ?? 'log-collector',
    ...(hasDemo(props) ? { demo: namespaces.demo ?? 'demo' } : {}),
  };
}
