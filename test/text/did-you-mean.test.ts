import { didYouMean } from '../../lib/text/did-you-mean';

test.each([
  ['retension', ['storage', 'retention'], 'retention'],
  ['raet', ['rate', 'inner'], 'rate'],
  ['Retention', ['retention'], 'retention'],
  ['secret', ['channel', 'webhookSecret'], 'webhookSecret'],
  ['host', ['post', 'hostName'], 'hostName'],
  ['otel', ['curl', 'loki', 'openTelemetryCollector'], undefined],
  ['compactor', ['caches', 'replicas'], undefined],
  ['', ['a'], undefined],
  ['x', [], undefined],
])('%j of %j: %s', (word, names, meant) => {
  expect(didYouMean(word, names)).toBe(meant === undefined ? '' : `; did you mean '${meant}'?`);
});
