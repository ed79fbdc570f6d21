import { join } from 'node:path';
import { formatFinding } from '../../lib/checks/findings';
import { checkInputs, readPaths } from '../../lib/lint/inputs';

test.each(['examples', 'dist'])('check finds nothing wrong in %s', (folder) => {
  const inputs = readPaths([join(__dirname, '../..', folder)], { report: () => {}, say: () => {}, end: () => {} });
  expect(inputs.rules.length).toBeGreaterThan(0);
  expect(checkInputs(inputs, { separateFolders: true }).map(formatFinding)).toEqual([]);
});
