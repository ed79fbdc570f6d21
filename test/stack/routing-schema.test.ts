import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PROPS } from '../manifests/synth';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

test.each<[string, object, RegExp]>([
  [
    'a webhook that is not a URL',
    { slack: { webhookUrl: 'slack-inbox' } },
    /^option 'slack\.webhookUrl': "slack-inbox" is not a valid URL: use http:\/\/ or https:\/\/ and a host$/,
  ],
  [
    'a webhook of a real Slack',
    { slack: { webhookUrl: 'https://hooks.slack.com/services/T0/B0/x' } },
    /^option 'slack\.webhookUrl': is a credential, and dist is committed: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a webhook of GovSlack',
    { slack: { webhookUrl: 'https://hooks.slack-gov.com/services/T0/B0/x' } },
    /^option 'slack.webhookUrl': is a credential/,
  ],
  [
    'no webhook',
    { slack: { channel: '#a' } },
    /^option 'slack': requires exactly one of webhookSecret, tokenSecret and webhookUrl: set webhookSecret or tokenSecret; webhookUrl is for a stand-in such as slack-inbox$/,
  ],
  [
    'two webhooks',
    { slack: { webhookSecret: 'a', webhookUrl: 'http://b' } },
    /^option 'slack': requires exactly one of webhookSecret, tokenSecret and webhookUrl: set webhookSecret or tokenSecret; webhookUrl is for a stand-in such as slack-inbox$/,
  ],
  [
    'a webhook and an app',
    { slack: { webhookSecret: 'a', tokenSecret: 'b', channel: '#a' } },
    /^option 'slack': requires exactly one of webhookSecret, tokenSecret and webhookUrl: /,
  ],
  [
    'an app and a stand-in',
    { slack: { tokenSecret: 'b', webhookUrl: 'http://b', channel: '#a' } },
    /^option 'slack': requires exactly one of webhookSecret, tokenSecret and webhookUrl: /,
  ],
  [
    'an app without a channel',
    { slack: { tokenSecret: 'a', updates: 'edit' } },
    /^option 'slack\.channel': is missing: the token of an app has no channel of its own: set it, e\.g\. to #alerts$/,
  ],
  [
    'updates of a webhook',
    { slack: { webhookSecret: 'a', updates: 'thread' } },
    /^option 'slack\.updates': is only supported with tokenSecret: a webhook can only send new messages: set tokenSecret instead of the webhook, or remove updates$/,
  ],
  [
    'unknown updates',
    { slack: { tokenSecret: 'a', channel: '#a', updates: 'both' } },
    /^option 'slack\.updates': expected \("edit" \| "thread" \| "post"\), got "both"$/,
  ],
  [
    'a token instead of its Secret',
    { slack: { tokenSecret: 'xoxb-111111111111-aaaaaaaaaaaaaaaa', channel: '#a' } },
    /^option 'slack\.tokenSecret': the text is a token, and dist is committed: put the credential in a Secret and give its name here$/,
  ],
  [
    'a token in capital letters instead of its Secret',
    { slack: { tokenSecret: 'xapp-1-A0AAAAAAAAA-1111111111111-aaaa', channel: '#a' } },
    /^option 'slack\.tokenSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'an empty channel',
    { slack: { webhookSecret: 'a', channel: '' } },
    /^option 'slack.channel': "" is empty: use a channel, e\.g\. #alerts$/,
  ],
  [
    'an invalid name of the Slack Secret',
    { slack: { webhookSecret: 'Slack_Webhook' } },
    /^option 'slack\.webhookSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/,
  ],
  [
    'a heartbeat whose URL is a credential',
    { heartbeat: { webhookUrl: 'https://hc-ping.com/00000000-0000-0000-0000-000000000000' } },
    /^option 'heartbeat\.webhookUrl': is a webhook of hc-ping\.com, and anyone with its URL can post there, and dist is committed: put the credential in a Secret and give its name in webhookSecret$/,
  ],
  [
    'a heartbeat without an address',
    { heartbeat: {} },
    /^option 'heartbeat': requires exactly one of webhookSecret and webhookUrl: set webhookSecret; webhookUrl is for a service that needs no credential$/,
  ],
  [
    'a malformed interval of the heartbeat',
    { heartbeat: { webhookSecret: 'heartbeat', interval: 'often' } },
    /^option 'heartbeat\.interval': "often" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a malformed group wait',
    { routing: { groupWait: 'soon' } },
    /^option 'routing\.groupWait': "soon" is not a valid duration: use whole numbers with units, e\.g\. "30s" or "1h30m"$/,
  ],
  [
    'a routing option together with config',
    { routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] }, groupWait: '1m' } },
    /^option 'routing\.groupWait': has no effect together with config, which replaces the stack's routes: move it into config, or remove config$/,
  ],
  [
    'routes of the wrong type',
    { routing: { config: { route: { receiver: 'a', routes: 0 }, receivers: [{ name: 'a' }] } } },
    /^option 'routing\.config\.route\.routes': expected Array, got 0$/,
  ],
  [
    'slack together with routing.config',
    {
      slack: { webhookSecret: 'slack-webhook' },
      routing: { config: { route: { receiver: 'a' }, receivers: [{ name: 'a' }] } },
    },
    /^option 'slack': has no effect together with routing\.config, which has its own receivers: remove it, and add slackReceiver to config and its Secret to alertmanager\.secrets$/,
  ],
  [
    'a template file with another extension',
    { routing: { templates: { 'a.txt': '' } } },
    /option 'routing\.templates\.a\.txt': "a\.txt" is not a valid name of a template file: use e\.g\. shop\.tmpl/,
  ],
  [
    'a stack without Slack',
    { profile: 'single', grafana: { adminSecret: 'a' } },
    /^option 'slack': is missing: without the demo, there is no slack-inbox to receive notifications: set slack: \{ webhookSecret \} or slack: \{ tokenSecret, channel \}$/,
  ],
])('rejects %s', (_, instead, message) => {
  expect(found(instead)).toEqual([expect.stringMatching(message)]);
});
