import { logql, type RuleFile } from 'loki-alerts';

const app = 'payments';

export const paymentErrors: RuleFile = {
  name: 'payment-errors.yaml',
  groups: [
    {
      name: 'payment-errors',
      rules: [
        {
          alert: 'PaymentErrors',
          expr: logql`sum by (namespace, app) (count_over_time({app=${app}} |= "level=error" [5m])) > 10`,
          for: '5m',
          labels: { severity: 'critical', team: 'payments' },
          annotations: {
            title: 'Payments fail: {{ $labels.namespace }}',
            description: '{{ $value | printf "%.0f" }} errors in five minutes.',
          },
        },
      ],
    },
  ],
};
