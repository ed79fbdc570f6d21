import * as v from 'valibot';
import { hostName, namespaceName, objectName, options } from '../options';
import type { IngressOptions } from './ingress';

/** Of any program's Ingress. */
export const INGRESS_OPTIONS = options({
  host: hostName,
  namespace: namespaceName,
  tlsSecret: objectName,
  className: v.optional(objectName),
  annotations: v.optional(v.record(v.string(), v.string())),
} satisfies Record<keyof IngressOptions, v.GenericSchema>);
