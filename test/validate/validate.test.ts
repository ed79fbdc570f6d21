import * as v from 'valibot';
import { formatMessage } from '../../lib/checks/findings';
import {
  checkOptions,
  duration,
  httpUrl,
  namespaceName,
  objectName,
  optionsOf,
  positiveInteger,
  quantity,
  refused,
} from '../../lib/validate/validate';
import fc from '../support/properties';

const accepts = (schema: v.GenericSchema, value: unknown) => checkOptions(schema, value).length === 0;

describe.each([
  {
    name: 'duration',
    schema: duration,
    good: ['30s', '1m', '1h30m', '500ms', '7d', '2w', '1y2w3d4h5m6s7ms', '0m5s'],
    bad: ['', '0s', '5', '1.5m', '-1m', '1m ', '1 m', '30s1m', '1m1m', '1M', 'one hour', '300y', 60],
  },
  {
    name: 'quantity',
    schema: quantity,
    good: ['5Gi', '500Mi', '250m', '0.5', '1.5Gi', '128974848', '2k', '1Ei'],
    bad: ['', '0', '0Gi', '-5Gi', '5gi', '5GB', '5 Gi', 'Gi', '1,5Gi', '5.Gi', 5],
  },
  {
    name: 'name of a namespace',
    schema: namespaceName,
    good: ['a', 'logging', 'log-agents', '0', 'x'.repeat(63)],
    bad: ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'ä', 'x'.repeat(64), 1],
  },
  {
    name: 'name of an object',
    schema: objectName,
    good: ['a', 'slack-webhook', 'my.secret.v2', 'x'.repeat(253)],
    bad: ['', '-a', 'a.', 'a..b', 'a.-b', 'Secret', 'a/b', 'x'.repeat(254), null],
  },
  {
    name: 'URL',
    schema: httpUrl,
    good: ['http://localhost:3000', 'https://grafana.example.com/logs', 'http://10.0.0.1'],
    bad: [
      'http://user:secret@host',
      '',
      'localhost:3000',
      'grafana.example.com',
      'ftp://a',
      'http://',
      'http://a b',
      'file:///etc/passwd',
      1,
    ],
  },
  {
    name: 'positive whole number',
    schema: positiveInteger,
    good: [1, 120, 1e6],
    bad: [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '120', null],
  },
])('$name', ({ schema, good, bad }: { schema: v.GenericSchema; good: unknown[]; bad: unknown[] }) => {
  test.each(good)('accepts %j', (value) => {
    expect(checkOptions(schema, value)).toEqual([]);
  });

  test.each(bad)('rejects %j', (value) => {
    expect(checkOptions(schema, value)).toEqual([expect.objectContaining({ severity: 'error', id: 'option' })]);
  });
});

interface Inner {
  readonly storage?: string;
  readonly retention?: string;
}

interface Nested {
  readonly rate?: number;
  readonly inner?: Inner;
  readonly needed: string;
}

describe('options', () => {
  const schema = optionsOf<Nested>()({
    rate: v.optional(positiveInteger),
    inner: v.optional(optionsOf<Inner>()({ storage: v.optional(quantity), retention: v.optional(duration) })),
    needed: v.string(),
  });
  const found = (value: unknown) => checkOptions(schema, value).map(formatMessage);

  test('all findings are reported at once, with full names', () => {
    expect(found({ rate: 0, inner: { storage: '5GB', retention: 'long' }, needed: 1 })).toEqual([
      "option 'rate': 0 is not a whole number above 0: use e.g. 1",
      `option 'inner.storage': "5GB" is not a valid Kubernetes quantity: use 5Gi`,
      `option 'inner.retention': "long" is not a valid duration: use whole numbers with units, e.g. "30s" or "1h30m"`,
      "option 'needed': expected string, got 1",
    ]);
  });

  test('a typo gets a suggestion, at every depth', () => {
    expect(found({ needed: '', inner: { retension: '1d' }, raet: 1 })).toEqual([
      "option 'inner.retension': is not an option: use one of storage, retention; did you mean 'retention'?",
      "option 'raet': is not an option: use one of rate, inner, needed; did you mean 'rate'?",
    ]);
  });

  test('a refused option is reported with its reason, and not suggested', () => {
    const schema = optionsOf<{ storage?: string }>()({
      storage: v.optional(quantity),
      bucket: refused('is for several'),
    });
    const found = (value: unknown) => checkOptions(schema, value).map(formatMessage);

    expect(found({ bucket: 'a' })).toEqual(["option 'bucket': is for several"]);
    expect(found({ bucket: undefined })).toEqual([]);
    expect(found({ buckets: 'a' })).toEqual(["option 'buckets': is not an option: use one of storage"]);
  });

  test('a duration of 0 is too short', () => {
    expect(found({ needed: '', inner: { retention: '0s' } })).toEqual([
      `option 'inner.retention': "0s" is not longer than 0: use e.g. "30s"`,
    ]);
  });

  test('a missing option is reported', () => {
    expect(found({})).toEqual(["option 'needed': is missing"]);
  });

  test('a value instead of options is reported', () => {
    expect(found({ needed: '', inner: '5Gi' })).toEqual([`option 'inner': expected options, got "5Gi"`]);
    expect(found('all')).toEqual([`option '(all)': expected options, got "all"`]);
  });

  test('no value throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => void checkOptions(schema, value)));
    fc.assert(
      fc.property(
        fc.record({ rate: fc.anything(), inner: fc.anything(), extra: fc.anything(), needed: fc.anything() }),
        (value) => void checkOptions(schema, value),
      ),
    );
  });
});

describe('properties', () => {
  const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];

  test('a duration is any selection of units in descending order, and nothing else', () => {
    const numbers = fc.array(fc.option(fc.integer({ min: 1, max: 99 })), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(numbers, (parts) => {
        const text = parts.map((number, i) => (number === null ? '' : `${number}${units[i]}`)).join('');
        expect(accepts(duration, text)).toBe(text !== '');
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9smhdwy. -]{1,8}$/), (text) => {
        const readable = /^(?:\d+[a-z]+)+$/.test(text);
        expect(accepts(duration, text) && !readable).toBe(false);
      }),
    );
  });

  test('a quantity is a positive number with a unit of Kubernetes', () => {
    const unit = fc.constantFrom('', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei');
    fc.assert(fc.property(fc.integer({ min: 1 }), unit, (number, suffix) => accepts(quantity, `${number}${suffix}`)));
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(accepts(quantity, text) && !/^[0-9.]+[a-zA-Z]{0,2}$/.test(text)).toBe(false);
      }),
    );
  });
});
