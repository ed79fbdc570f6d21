import * as v from 'valibot';
import { bytes, duration } from '../validate/validate';
import { lokiLimits } from './tenant-limits';

/** Options of Loki in any profile. */
export const sharedOptions = {
  retention: v.optional(duration),
  evaluationInterval: v.optional(duration),
  storage: v.optional(bytes),
  limits: v.optional(lokiLimits),
};
