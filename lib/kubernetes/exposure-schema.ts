import * as v from 'valibot';
import { entriesOf, hostName, namespaceName, objectName, optionsOf } from '../validate/validate';
import type { ExposureOptions } from './exposure';
import type { GatewayOptions } from './http-route';
import type { IngressOptions } from './ingress';

const ingress = optionsOf<IngressOptions>()({
  host: hostName,
  namespace: namespaceName,
  tlsSecret: objectName,
  className: v.optional(objectName),
  annotations: v.optional(v.record(v.string(), v.string())),
});

const gateway = optionsOf<GatewayOptions>()({
  host: hostName,
  namespace: namespaceName,
  parentRef: optionsOf<GatewayOptions['parentRef']>()({
    name: objectName,
    namespace: namespaceName,
    sectionName: objectName,
  }),
});

/** Schemas of the options that expose a program. */
export const EXPOSURE_OPTIONS = entriesOf<ExposureOptions>()({
  ingress: v.optional(ingress),
  gateway: v.optional(gateway),
});
