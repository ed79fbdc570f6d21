import { tried } from '../rules';
import { synthesize } from '../stack';

synthesize({
  domain: 'staging.example.com',
  channel: '#alerts-staging',
  rules: tried,
  loki: { retention: '7d', storage: '10Gi' },
});
