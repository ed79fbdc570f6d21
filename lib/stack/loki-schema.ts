import * as v from 'valibot';
import { distributedOptions, externalOnly, movedToPods } from '../loki/distributed-schema';
import type { ExternalLokiOptions } from '../loki/external';
import { externalOptions } from '../loki/external-schema';
import type { DistributedLokiOptions, SharedLokiOptions, SingleLokiOptions } from '../loki/props';
import { sharedOptions } from '../loki/shared-schema';
import { optionsOf, refused, schemaAs, wrong } from '../validate/validate';

const distributedOnly = refused(
  wrong("is only supported by the deployment profile 'distributed'", 'set that profile, or remove the option'),
);

const single = optionsOf<SharedLokiOptions>()({
  ...sharedOptions,
  objectStorage: distributedOnly,
  replicas: distributedOnly,
  replicationFactor: distributedOnly,
  autoscaling: distributedOnly,
  resources: movedToPods,
  zones: distributedOnly,
  caches: distributedOnly,
  external: externalOnly,
});

/** Options of a single Loki. */
export const singleLoki = schemaAs<SingleLokiOptions | undefined>(v.optional(single));
/** Options of an external Loki. */
export const externalLoki: v.GenericSchema<ExternalLokiOptions> = externalOptions;

/** Options of a distributed Loki. Defaults to an empty object, so that the missing object storage is reported. */
export const distributedLoki = schemaAs<DistributedLokiOptions>(v.optional(distributedOptions, {}));
