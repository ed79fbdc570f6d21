import type { Construct } from 'constructs';
import { Alertmanager as AlertmanagerComponent } from '../../alertmanager/alertmanager';
import { expose } from '../../kubernetes/exposure';
import type { RuleFile } from '../../rules/model';
import { entriesOf, optionsOf } from '../../validate/validate';
import type { SharedLogAlertingProps } from '../props';
import { report } from '../report';
import { checkedByStack, checkedPart, OTHERS, type PartProps, partOptions, podsOf } from './part';

/** Options of `Alertmanager`, named as in `LogAlerting`. */
export interface AlertmanagerProps
  extends PartProps<'alertmanager'>,
    Pick<
      SharedLogAlertingProps,
      'slack' | 'routing' | 'heartbeat' | 'alertmanager' | 'alertmanagerUrl' | 'severities' | 'storageClassName'
    > {
  /** Rule files of its alerts, against which routes and templates are checked. @default none, no such checks */
  readonly rules?: readonly RuleFile[];
}

const OPTIONS = entriesOf<AlertmanagerProps>()({
  ...partOptions,
  pods: podsOf('alertmanager'),
  slack: checkedByStack<AlertmanagerProps['slack']>(),
  routing: checkedByStack<AlertmanagerProps['routing']>(),
  heartbeat: checkedByStack<AlertmanagerProps['heartbeat']>(),
  alertmanager: checkedByStack<AlertmanagerProps['alertmanager']>(),
  alertmanagerUrl: checkedByStack<AlertmanagerProps['alertmanagerUrl']>(),
  severities: checkedByStack<AlertmanagerProps['severities']>(),
  storageClassName: checkedByStack<AlertmanagerProps['storageClassName']>(),
  rules: checkedByStack<AlertmanagerProps['rules']>(),
});

const CHECKS = {
  schema: optionsOf<AlertmanagerProps>()(OPTIONS),
  options: Object.keys(OPTIONS),
  own: [],
  defaults: { rules: [] },
  others: OTHERS,
};

/**
 * Alertmanager by itself, with routes and receivers, for the alerts of any Loki or Prometheus. `app.synth()` reports
 * invalid options, as with `LogAlerting`. Its namespace must be that of its chart, and may be `restricted`.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const chart = new NamespacedChart(app, 'alerting', { podSecurity: 'restricted' });
 * const alertmanager = new Alertmanager(chart, 'alertmanager', {
 *   slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
 *   routing: {
 *     routes: [{ matchers: ['team="payments"'], receiver: 'payments' }],
 *     receivers: [slackReceiver({ name: 'payments', webhookSecret: 'slack-webhook', channel: '#payments' })],
 *   },
 *   alertmanager: { replicas: 3 },
 * });
 * console.log('ruler.alertmanager_url:', alertmanager.urls.join(','));
 * app.synth();
 */
export class Alertmanager extends AlertmanagerComponent {
  constructor(scope: Construct, id: string, props: AlertmanagerProps) {
    const { stack, findings, placement } = checkedPart(scope, id, props, CHECKS);
    super(scope, stack.alertmanager, placement);
    expose(this, stack.alertmanager);
    report(this, findings, props);
  }
}
