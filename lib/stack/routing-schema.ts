import * as v from 'valibot';
import type { AlertmanagerConfig, Receiver, Route } from '../alertmanager/config/config';
import type { HeartbeatProps } from '../alertmanager/heartbeat';
import {
  SLACK_UPDATES,
  type SlackOptions,
  type SlackProps,
  slackForms,
  tokenSecret,
} from '../alertmanager/slack-options';
import type { WebhookAddress } from '../alertmanager/webhook-address';
import { credentialIn } from '../credentials';
import { duration, httpUrl, objectName, optionsOf, schemaAs, wrong } from '../validate/validate';
import type { RoutingOptions } from './routing';

/** A webhook URL of this host is a credential: it is enough to post messages. */
const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

const slackOptions = v.pipe(
  optionsOf<SlackOptions>()({
    webhookSecret: v.optional(objectName),
    tokenSecret: v.optional(tokenSecret),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        // Not `check`, whose message would show the credential, e.g. in a CI log.
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed || !URL.canParse(dataset.value) || !SLACK_HOST.test(new URL(dataset.value).hostname))
            return;
          addIssue({
            message: wrong(
              'is a credential, and dist is committed',
              'put the credential in a Secret and give its name in webhookSecret',
            ),
          });
        }),
      ),
    ),
    channel: v.optional(v.pipe(v.string(), v.nonEmpty(wrong('is empty', 'use a channel, e.g. #alerts')))),
    updates: v.optional(v.picklist(SLACK_UPDATES)),
  }),
  slackForms(),
);

/** Webhook or app of Slack, and its channel. */
export const slack = schemaAs<SlackProps>(slackOptions);

/** Heartbeat service. */
export const heartbeat = v.pipe(
  optionsOf<HeartbeatProps>()({
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        v.rawCheck(({ dataset, addIssue }) => {
          const why = dataset.typed ? credentialIn(dataset.value) : undefined;
          if (!why) return;
          addIssue({
            message: wrong(
              `${why}, and dist is committed`,
              'put the credential in a Secret and give its name in webhookSecret',
            ),
          });
        }),
      ),
    ),
    interval: v.optional(duration),
  }),
  v.check(
    ({ webhookSecret, webhookUrl }: WebhookAddress) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    wrong(
      'requires exactly one of webhookSecret and webhookUrl',
      'set webhookSecret; webhookUrl is for a service that needs no credential',
    ),
  ),
);

const replacedByConfig = wrong(
  "has no effect together with config, which replaces the stack's routes",
  'move it into config, or remove config',
);

/** Routing options. Routes and receivers are checked with the rest of Alertmanager's config. */
export const routing = v.pipe(
  optionsOf<RoutingOptions>()({
    config: v.optional(
      schemaAs<AlertmanagerConfig>(
        v.looseObject({
          route: v.looseObject({ routes: v.nullish(v.array(v.unknown())) }),
          receivers: v.array(v.looseObject({})),
        }),
      ),
    ),
    templates: v.optional(
      v.record(
        v.pipe(
          v.string(),
          v.regex(/^[\w.-]+\.tmpl$/, wrong('is not a valid name of a template file', 'use e.g. shop.tmpl')),
        ),
        v.string(),
      ),
    ),
    routes: v.optional(schemaAs<readonly Route[]>(v.array(v.looseObject({})))),
    receivers: v.optional(schemaAs<readonly Receiver[]>(v.array(v.looseObject({})))),
    groupWait: v.optional(duration),
    groupInterval: v.optional(duration),
    repeatInterval: v.optional(duration),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.config === undefined) return;
    const input = dataset.value;
    for (const key of ['routes', 'receivers', 'groupWait', 'groupInterval', 'repeatInterval'] as const) {
      if (input[key] === undefined) continue;
      addIssue({
        message: replacedByConfig,
        path: [{ type: 'object', origin: 'value', input, key, value: input[key] }],
      });
    }
  }),
);
