import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { CHECK_IDS } from '../../checks';
import { configSchema } from './schema';

/** Returns the JSON Schema of configurations, as published in `schemas/loki-alerts.schema.json`. */
export function configJsonSchema(): object {
  const { $schema: _, ...schema } = toJsonSchema(configSchema as v.GenericSchema, {
    typeMode: 'input',
    // Only the program checks what JSON Schema cannot express.
    ignoreActions: ['check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'record' && isLevels(jsonSchema)
        ? ({ ...jsonSchema, propertyNames: { enum: CHECK_IDS } } as never)
        : undefined,
  });
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Configuration of loki-alerts', ...schema };
}

function isLevels({ additionalProperties }: { readonly additionalProperties?: unknown }): boolean {
  return (additionalProperties as { enum?: readonly unknown[] } | undefined)?.enum?.includes('off') ?? false;
}
