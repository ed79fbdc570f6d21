import * as v from 'valibot';
import { options } from '../options';
import { distributedOptions } from './distributed-options';
import { refused, sharedOptions } from './shared-options';

const distributedOnly = refused("is for several Lokis: write mode: 'distributed' too, or leave it out");

const single = options({
  // One of any other name ends up here, and is told both.
  mode: v.optional(v.picklist(['single', 'distributed'])),
  ...sharedOptions,
  objectStorage: distributedOnly,
  replicas: distributedOnly,
  replicationFactor: distributedOnly,
  autoscaling: distributedOnly,
  resources: distributedOnly,
  zones: distributedOnly,
  caches: distributedOnly,
});

/** What may be asked of Loki; the mode decides which options there are. */
export const lokiOptions = v.lazy((input) => {
  const mode = typeof input === 'object' && input !== null && 'mode' in input ? input.mode : undefined;
  return mode === 'distributed' ? distributedOptions : single;
});
