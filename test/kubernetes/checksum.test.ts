import { checksumAnnotation } from '../../lib/kubernetes/checksum';
import fc from '../support/properties';

const files = fc.dictionary(fc.string(), fc.string());

test('returns one annotation with a SHA-256', () => {
  expect(checksumAnnotation({ 'a.yaml': 'b: c' })).toEqual({
    'checksum/config': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('ignores the order of files', () => {
  fc.assert(
    fc.property(files, (data) => {
      const reversed = Object.fromEntries(Object.entries(data).reverse());
      expect(checksumAnnotation(reversed)).toEqual(checksumAnnotation(data));
    }),
  );
});

test('changes with every other difference', () => {
  fc.assert(
    fc.property(files, files, (a, b) => {
      const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      expect(checksumAnnotation(a)['checksum/config'] === checksumAnnotation(b)['checksum/config']).toBe(same);
    }),
  );
});
