import { byteQuantity, quantityValue } from '../../lib/kubernetes/quantity';
import fc from '../support/properties';

test.each([
  ['250m', 0.25],
  ['0.5', 0.5],
  ['2', 2],
  ['128974848', 128974848],
  ['1k', 1000],
  ['5Gi', 5 * 2 ** 30],
  ['500M', 500e6],
])('parses %s', (text, value) => {
  expect(quantityValue(text)).toBe(value);
});

test.each(['', 'Gi', '1GB', '-1', '1 Gi', 'x'])('returns NaN for %j', (text) => {
  expect(quantityValue(text)).toBeNaN();
});

test('rounds bytes up by less than one unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (bytes) => {
      const value = quantityValue(byteQuantity(bytes));
      expect(value).toBeGreaterThanOrEqual(bytes);
      expect(value - bytes).toBeLessThan(bytes >= 4 * 2 ** 40 ? 2 ** 40 : bytes >= 4 * 2 ** 30 ? 2 ** 30 : 2 ** 20);
    }),
  );
});
