import * as v from 'valibot';
import { options } from '../validate/validate';

const texts = v.record(v.string(), v.string());

const rule = options({
  alert: v.optional(v.string()),
  record: v.optional(v.string()),
  expr: v.string(),
  for: v.optional(v.string()),
  labels: v.optional(texts),
  annotations: v.optional(texts),
  waive: v.optional(v.array(options({ check: v.string(), reason: v.string() }))),
});

/** Rule files by their shape; the checks look into them. */
export const ruleFiles = v.array(
  options({
    name: v.string(),
    groups: v.array(
      options({
        name: v.string(),
        interval: v.optional(v.string()),
        limit: v.optional(v.number()),
        rules: v.array(rule),
      }),
    ),
  }),
);
