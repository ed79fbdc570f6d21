import type { LogAlertingProps } from './log-alerting-props';

/** The namespace of each part of the product; that of the demo only with the demo. */
export interface Namespaces {
  readonly logging: string;
  readonly logCollector: string;
  readonly demo?: string;
}

export function namespacesOf({ demo, namespaces = {} }: Pick<LogAlertingProps, 'demo' | 'namespaces'>): Namespaces {
  return {
    logging: namespaces.logging ?? 'logging',
    logCollector: namespaces.logCollector ?? 'log-collector',
    ...(demo === false ? {} : { demo: namespaces.demo ?? 'demo' }),
  };
}
