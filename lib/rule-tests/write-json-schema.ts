import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../lint/config/json-schema';
import { ruleTestJsonSchema } from './json-schema';

const SCHEMAS = { 'rule-test': ruleTestJsonSchema(), 'loki-alerts': configJsonSchema() };

/** `npm run schema`: writes the JSON Schemas with which editors validate and complete test files and configurations. */
for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(join(__dirname, `../../schemas/${name}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
}
