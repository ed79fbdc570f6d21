import * as v from 'valibot';
import { bytes, duration, entriesOf } from '../validate/validate';
import type { SharedLokiOptions } from './props';
import { lokiLimits } from './tenant-limits';

/** Schemas of the options of Loki in every profile. */
export const sharedOptions = entriesOf<SharedLokiOptions>()({
  retention: v.optional(duration),
  evaluationInterval: v.optional(duration),
  storage: v.optional(bytes),
  limits: v.optional(lokiLimits),
});
