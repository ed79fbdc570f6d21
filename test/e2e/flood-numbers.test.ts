import { compareNumbers, floodNumbers } from './flood-numbers';

test('floodNumbers reads the numbers of flood requests and ignores other lines', () => {
  const log = [
    '2026/11/23 21:22:48 [notice] 1#1: start worker processes',
    '10.244.0.38 - - [23/Nov/2026:21:32:07 +0000] "GET /flood/65880 HTTP/1.1" 200 6 "-" "curl/8.22.0" "-"',
    '10.244.0.38 - - [23/Nov/2026:21:32:07 +0000] "GET /flood/65881 HTTP/1.1" 200 6 "-" "curl/8.22.0" "-"',
    '10.244.0.39 - - [23/Nov/2026:21:32:07 +0000] "GET /healthz HTTP/1.1" 200 3 "-" "curl/8.22.0" "-"',
  ].join('\n');

  expect(floodNumbers(log)).toEqual([65880, 65881]);
});

test('compareNumbers finds lost and duplicate numbers within the range', () => {
  const comparison = compareNumbers([1, 2, 3, 4, 5, 6], [2, 3, 3, 5], { first: 2, last: 5 });

  expect(comparison).toEqual({ logged: 4, lost: [4], duplicates: 1 });
});
