import * as v from 'valibot';
import { credentialsIn } from '../credentials';
import { objectName, wrong } from '../validate/validate';
import type { WebhookAddress } from './webhook-address';

/**
 * Second and later messages about the same alerts: when more alerts fire, as a reminder, and when all are resolved.
 *
 * - `edit`: changes the first message. Slack notifies no one of a change.
 * - `thread`: replies in the thread of the first message, which stays as it is. Slack notifies those who follow it.
 * - `post`: a new message each time, as with a webhook.
 */
export type SlackUpdates = 'edit' | 'thread' | 'post';

export const SLACK_UPDATES = ['edit', 'thread', 'post'] as const satisfies readonly SlackUpdates[];

/**
 * Webhook and channel for messages to Slack. The URL of a real Slack webhook is a credential, so it is read from
 * `webhookSecret`; `webhookUrl` is for a stand-in such as the demo's slack-inbox. Alertmanager reads the Secret as a
 * file at every notification, so a change needs no restart.
 */
export interface SlackWebhookProps extends WebhookAddress {
  /** Channel, e.g. `#alerts`. A webhook of a Slack app ignores it: it has its own. @default '#notifications' */
  readonly channel?: string;
}

/**
 * A Slack app with the scope `chat:write`, which can change its messages. Alertmanager reads the Secret as a file at
 * every notification, so a change needs no restart.
 */
export interface SlackAppProps {
  /** Secret in Alertmanager's namespace with the app's bot token, `xoxb-…`, under the key `token`. */
  readonly tokenSecret: string;
  /** Channel, e.g. `#alerts`, or its ID. The app must be a member, or have the scope `chat:write.public`. */
  readonly channel: string;
  /** Form of second and later messages about the same alerts. @default 'post' */
  readonly updates?: SlackUpdates;
}

type Without<Keys extends string> = { readonly [Key in Keys]?: undefined };

/** Slack: exactly one of a webhook and an app. */
export type SlackProps =
  | (SlackWebhookProps & Without<'tokenSecret' | 'updates'>)
  | (SlackAppProps & Without<keyof WebhookAddress>);

/** The props of both forms. */
export type SlackOptions = Pick<SlackProps, keyof SlackProps>;

/** Name of the Secret with an app's token. A token in lowercase letters would be a valid name. */
export const tokenSecret = v.pipe(
  objectName,
  v.check(
    (text) => !v.is(objectName, text) || credentialsIn(text).length === 0,
    wrong('is a token, and dist is committed', 'put the token in a Secret and give its name here'),
  ),
);

const FORMS = ['webhookSecret', 'tokenSecret', 'webhookUrl'] as const;

/** Reports options that contradict each other. */
export function slackForms<Options extends SlackOptions>() {
  return v.rawCheck<Options>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    const report = (key: keyof SlackOptions, message: string) =>
      addIssue({ message, path: [{ type: 'object', origin: 'value', input, key, value: input[key] }] });
    if (FORMS.filter((form) => input[form] !== undefined).length !== 1) addIssue({ message: ONE_FORM });
    else if (input.tokenSecret === undefined && input.updates !== undefined) report('updates', WITHOUT_TOKEN);
    else if (input.tokenSecret !== undefined && input.channel === undefined) report('channel', WITHOUT_CHANNEL);
  });
}

const ONE_FORM = wrong(
  'requires exactly one of webhookSecret, tokenSecret and webhookUrl',
  'set webhookSecret or tokenSecret; webhookUrl is for a stand-in such as slack-inbox',
);
const WITHOUT_TOKEN = wrong(
  'is only supported with tokenSecret: a webhook can only send new messages',
  'set tokenSecret instead of the webhook, or remove updates',
);
const WITHOUT_CHANNEL = wrong('is missing: the token of an app has no channel of its own', 'set it, e.g. to #alerts');
