import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { ruleTestJsonSchema } from '../../lib/rule-tests/json-schema';

const published = JSON.parse(readFileSync(join(__dirname, '../../schemas/rule-test.schema.json'), 'utf8'));

test('publishes the current schema (`npm run schema` writes it)', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(ruleTestJsonSchema())));
});

test('accepts a test file and rejects an unknown field', () => {
  const validate = new Ajv({ strictTypes: false }).compile(published);
  const lines = ['plain', { at: '5s', line: 'x' }, { to: '1m', rate: '1/s', line: '{{n}}' }];
  const test = {
    input_streams: [{ labels: { app: 'web' }, lines }],
    alert_rule_test: [{ eval_time: '1m', alertname: 'A' }],
  };

  expect(validate({ tests: [test] })).toBe(true);
  expect(validate({ tests: [{ ...test, alert_rule_tests: [] }] })).toBe(false);
});
