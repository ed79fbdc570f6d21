import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { generatedLines, lineSchema, ruleTestSchema, timedLine } from './format';
import { durationText } from './format-values';

const DURATION = {
  description: 'A Prometheus duration: 30s, 5m, 1h30m.',
  anyOf: [
    { const: 0 },
    { type: 'string', pattern: '^(?!$)(\\d+y)?(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$|^0$' },
  ],
};

/** Returns the JSON Schema of rule test files, as published in `schemas/rule-test.schema.json`. */
export function ruleTestJsonSchema(): object {
  const schema = convert(ruleTestSchema as v.GenericSchema);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Rule tests (loki-alerts)', ...schema };
}

function convert(schema: v.GenericSchema): object {
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    typeMode: 'input',
    // Only `loki-alerts test` checks what JSON Schema cannot express.
    ignoreActions: ['check', 'transform'],
    overrideSchema: ({ valibotSchema }) => {
      if (valibotSchema === durationText) return DURATION as never;
      if (valibotSchema !== lineSchema) return undefined;
      const plain = { type: 'string', description: 'Plain lines are `interval` apart, the first at 0s.' };
      return {
        anyOf: [plain, convert(timedLine as v.GenericSchema), convert(generatedLines as v.GenericSchema)],
      } as never;
    },
  });
  return converted;
}
