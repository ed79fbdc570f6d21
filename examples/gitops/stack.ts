import { App } from 'cdk8s';
import { LogAlerting, type RuleFile, type SingleLokiOptions, slackReceiver } from 'loki-alerts';
import { HIGH_LOG_RATE, RUNBOOK } from 'loki-alerts/rules';

/** What differs between the environments; each is a cluster of its own. */
export interface Environment {
  /** Its domain: people open Grafana at `grafana.<domain>`. */
  readonly domain: string;
  /** Where its messages go; those of a team to `<channel>-<team>`. */
  readonly channel: string;
  readonly rules: (links: Links) => readonly RuleFile[];
  readonly loki: SingleLokiOptions;
}

/** What the messages of a rule link to. */
export interface Links {
  readonly grafanaUrl: string;
}

/** Writes the manifests of an environment: one stack, the same in all that is not in `Environment`. */
export function synthesize({ domain, channel, rules, loki }: Environment): void {
  const links: Links = { grafanaUrl: `https://grafana.${domain}` };
  const slack = { webhookSecret: 'slack-webhook', channel };
  const app = new App();
  new LogAlerting(app, 'log-alerting', {
    profile: 'single',
    ...links,
    alertmanagerUrl: `https://alertmanager.${domain}`,
    rateAlert: HIGH_LOG_RATE,
    runbook: RUNBOOK,
    rules: rules(links),
    slack,
    grafana: { adminSecret: 'grafana-admin' },
    loki,
    // Whose custom resource definitions must be in the cluster first; argocd/ and flux/ say how.
    monitoring: { namespace: 'monitoring' },
    routing: {
      routes: [{ matchers: ['team="payments"'], receiver: 'payments-slack' }],
      receivers: [slackReceiver({ ...slack, name: 'payments-slack', channel: `${channel}-payments` })],
      repeatInterval: '12h',
    },
    // What no one has looked at should not reach a cluster.
    strict: true,
  });
  app.synth();
}
