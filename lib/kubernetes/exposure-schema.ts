import * as v from 'valibot';
import { hostName, namespaceName, objectName, options } from '../validate/validate';
import type { ExposureOptions } from './exposure';
import type { GatewayOptions } from './http-route';
import type { IngressOptions } from './ingress';

const ingress = options({
  host: hostName,
  namespace: namespaceName,
  tlsSecret: objectName,
  className: v.optional(objectName),
  annotations: v.optional(v.record(v.string(), v.string())),
} satisfies Record<keyof IngressOptions, v.GenericSchema>);

const gateway = options({
  host: hostName,
  namespace: namespaceName,
  parentRef: options({ name: objectName, namespace: namespaceName, sectionName: objectName }),
} satisfies Record<keyof GatewayOptions, v.GenericSchema>);

/** Ways into any program. */
export const EXPOSURE_OPTIONS = {
  ingress: v.optional(ingress),
  gateway: v.optional(gateway),
} satisfies Record<keyof ExposureOptions, v.GenericSchema>;
