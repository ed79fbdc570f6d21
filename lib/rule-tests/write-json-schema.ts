import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleTestJsonSchema } from './json-schema';

/** `npm run schema`: writes the JSON Schema with which editors validate and complete test files. */
writeFileSync(
  join(__dirname, '../../schemas/rule-test.schema.json'),
  `${JSON.stringify(ruleTestJsonSchema(), null, 2)}\n`,
);
