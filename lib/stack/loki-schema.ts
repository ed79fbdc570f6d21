import * as v from 'valibot';
import { distributedOptions, movedToPods } from '../loki/distributed-schema';
import { sharedOptions } from '../loki/shared-schema';
import { options, refused, wrong } from '../validate/validate';
import type { Profile } from './profiles';

const distributedOnly = refused(
  wrong("is only supported by the deployment profile 'distributed'", 'set that profile, or remove the option'),
);

const single = options({
  ...sharedOptions,
  objectStorage: distributedOnly,
  replicas: distributedOnly,
  replicationFactor: distributedOnly,
  autoscaling: distributedOnly,
  resources: movedToPods,
  zones: distributedOnly,
  caches: distributedOnly,
});

/** What may be asked of Loki: with no options, too, the distributed one lacks its object storage. */
export const LOKI_OPTIONS = {
  demo: v.optional(single),
  single: v.optional(single),
  distributed: v.optional(distributedOptions, {}),
} satisfies Record<Profile, v.GenericSchema>;
