import { hasDemo } from './profiles';
import type { LogAlertingProps } from './props';

/** The namespace of each part of the product; that of the demo only with the demo. */
export interface Namespaces {
  readonly logging: string;
  readonly logCollector: string;
  readonly demo?: string;
}

export function namespacesOf(props: Pick<LogAlertingProps, 'profile' | 'demo' | 'namespaces'>): Namespaces {
  const { namespaces = {} } = props;
  return {
    logging: namespaces.logging ?? 'logging',
    logCollector: namespaces.logCollector ?? 'log-collector',
    ...(hasDemo(props) ? { demo: namespaces.demo ?? 'demo' } : {}),
  };
}
