import { released } from '../rules';
import { synthesize } from '../stack';

synthesize({
  domain: 'example.com',
  channel: '#alerts',
  rules: released,
  loki: { retention: '30d', storage: '50Gi' },
});
