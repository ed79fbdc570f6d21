import * as v from 'valibot';
import { optionsOf, schemaAs } from '../validate/validate';
import type { AlertRule, RecordingRule, Rule, RuleFile, RuleGroup, Waiver } from './model';

const texts = v.record(v.string(), v.string());

/** Fields of both kinds of rules: the checks report a rule with both names, or with neither. */
type RuleFields = Omit<AlertRule, 'alert' | 'record'> &
  Partial<Pick<AlertRule, 'alert'> & Pick<RecordingRule, 'record'>>;

const rule = optionsOf<RuleFields>()({
  alert: v.optional(v.string()),
  record: v.optional(v.string()),
  expr: v.string(),
  for: v.optional(v.string()),
  labels: v.optional(texts),
  annotations: v.optional(texts),
  waive: v.optional(v.array(optionsOf<Waiver>()({ check: v.string(), reason: v.string() }))),
});

/** Shape of rule files; the checks report everything else. */
export const ruleFiles = v.array(
  optionsOf<RuleFile>()({
    name: v.string(),
    groups: v.array(
      optionsOf<RuleGroup>()({
        name: v.string(),
        interval: v.optional(v.string()),
        limit: v.optional(v.number()),
        rules: schemaAs<readonly Rule[]>(v.array(rule)),
      }),
    ),
  }),
);
