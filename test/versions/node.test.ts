import { requireNode } from '../../lib/versions/node';

test.each(['18.20.8', '19.9.0', '8.0.0'])('rejects Node %s', (version) => {
  expect(() => requireNode(version)).toThrow(`loki-alerts: Node ${version} is not supported: use Node 20 or newer`);
});

test.each(['20.0.0', '22.1.0', '100.0.0'])('accepts Node %s', (version) => {
  expect(() => requireNode(version)).not.toThrow();
});
