import { join } from 'node:path';
import { formatFinding } from '../../lib/checks/findings';
import { checkInputs, readPaths } from '../../lib/lint/inputs';

test('check finds nothing wrong in the examples', () => {
  const inputs = readPaths([join(__dirname, '../../examples')], { report: () => {}, say: () => {}, end: () => {} });
  expect(inputs.rules.length).toBeGreaterThan(0);
  expect(checkInputs(inputs, { separateFolders: true }).map(formatFinding)).toEqual([]);
});
