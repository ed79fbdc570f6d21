import {
  type AlertmanagerConfig,
  gotifyReceiver,
  type HeartbeatProps,
  type Receiver,
  type Route,
  type RoutingOptions,
  resolveRoute,
  type SlackProps,
  secretFile,
  slackReceiver,
  webhookReceiver,
} from 'loki-alerts';

const slack: SlackProps = { webhookSecret: 'slack-webhook', channel: '#alerts' };

// Valid receivers.
const receivers: readonly Receiver[] = [
  slackReceiver({ ...slack, name: 'payments', channel: '#payments' }),
  webhookReceiver({ name: 'bridge', webhookUrl: 'http://bridge.chat.svc:8080', maxAlerts: 10, sendResolved: false }),
  gotifyReceiver({ name: 'phone', url: 'http://gotify.chat.svc:8080', tokenSecret: 'gotify', priority: 8 }),
  { name: 'on-call', pagerduty_configs: [{ routing_key_file: secretFile({ name: 'pagerduty', key: 'key' }) }] },
];
const config: AlertmanagerConfig = { route: { receiver: 'payments' }, receivers };
resolveRoute(config, { severity: 'critical' }) satisfies string[];
({ receivers, repeatInterval: '12h' }) satisfies RoutingOptions;
({ webhookSecret: 'heartbeat', interval: '1m' }) satisfies HeartbeatProps;

// @ts-expect-error positional arguments
slackReceiver('payments', slack, '#payments');

// @ts-expect-error a receiver without a name
slackReceiver(slack);

// @ts-expect-error an unknown prop
slackReceiver({ name: 'payments', webhookSecret: 'slack-webhook', chanel: '#payments' });

// @ts-expect-error the name of another system's field
webhookReceiver({ name: 'bridge', url: 'http://bridge.chat.svc:8080' });

// @ts-expect-error a Secret is a name, its key is fixed
webhookReceiver({ name: 'bridge', webhookSecret: { name: 'bridge', key: 'url' } });

// @ts-expect-error the token is required
gotifyReceiver({ name: 'phone', url: 'http://gotify.chat.svc:8080' });

// @ts-expect-error the key is required
secretFile({ name: 'pagerduty' });

// @ts-expect-error an unknown kind of integration
({ name: 'a', teams_configs: [{ webhook_url_file: '/secrets/teams' }] }) satisfies Receiver;

// @ts-expect-error an unknown field of a kind
({ name: 'a', pagerduty_configs: [{ service_key_path: '/secrets/key' }] }) satisfies Receiver;

({
  name: 'a',
  // @ts-expect-error a field of another kind
  slack_configs: [{ api_url_file: '/secrets/slack', routing_key_file: '/secrets/key' }],
}) satisfies Receiver;

// @ts-expect-error a credential is in a file, never inline
({ name: 'a', pagerduty_configs: [{ routing_key: 'c0ffee' }] }) satisfies Receiver;

// @ts-expect-error a flag that is a string
({ name: 'a', slack_configs: [{ send_resolved: 'yes' }] }) satisfies Receiver;

// @ts-expect-error matchers are a list
({ receiver: 'a', matchers: 'severity="critical"' }) satisfies Route;

// @ts-expect-error a duration has a unit
({ receiver: 'a', repeat_interval: 12 }) satisfies Route;

// @ts-expect-error the root requires a receiver
({ route: {}, receivers }) satisfies AlertmanagerConfig;

// @ts-expect-error the root has no matchers
({ route: { receiver: 'a', matchers: ['a="b"'] }, receivers }) satisfies AlertmanagerConfig;

// @ts-expect-error an interval of the heartbeat has a unit
({ webhookSecret: 'heartbeat', interval: 60 }) satisfies HeartbeatProps;

// @ts-expect-error slack and heartbeat are options of LogAlerting itself
({ slack }) satisfies RoutingOptions;

// A Slack app.
const app: SlackProps = { tokenSecret: 'slack-app', channel: '#alerts', updates: 'thread' };
slackReceiver({ ...app, name: 'payments', channel: '#payments' });
slackReceiver({ name: 'payments', tokenSecret: 'slack-app', channel: '#payments' });
({ tokenSecret: 'slack-app', channel: 'C0123456789', updates: 'edit' }) satisfies SlackProps;

// @ts-expect-error both a webhook and an app
({ webhookSecret: 'slack-webhook', tokenSecret: 'slack-app', channel: '#alerts' }) satisfies SlackProps;

// @ts-expect-error both a stand-in and an app
slackReceiver({ name: 'payments', webhookUrl: 'http://a.b.svc', tokenSecret: 'slack-app', channel: '#payments' });

// @ts-expect-error an app without a channel
({ tokenSecret: 'slack-app' }) satisfies SlackProps;

// @ts-expect-error a webhook cannot update messages
({ webhookSecret: 'slack-webhook', updates: 'edit' }) satisfies SlackProps;

// @ts-expect-error unknown updates
({ tokenSecret: 'slack-app', channel: '#alerts', updates: 'both' }) satisfies SlackProps;

// @ts-expect-error a token is in a Secret, never inline
({ token: 'xoxb-1', channel: '#alerts' }) satisfies SlackProps;
