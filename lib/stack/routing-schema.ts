import * as v from 'valibot';
import type { AlertmanagerConfig, Receiver, Route } from '../alertmanager/config/config';
import type { HeartbeatProps } from '../alertmanager/heartbeat';
import type { SlackProps } from '../alertmanager/slack';
import { credentialIn } from '../credentials';
import { duration, httpUrl, objectName, optionsOf, schemaAs, wrong } from '../validate/validate';
import type { RoutingOptions } from './routing';

/** A webhook of this host is a credential: whoever knows it can post. */
const SLACK_HOST = /(^|\.)slack(-gov)?\.com$/;

/** How messages may reach Slack. */
export const slack = v.pipe(
  optionsOf<SlackProps>()({
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(
      v.pipe(
        httpUrl,
        // Not `check`, whose message would show the credential again, in the log of a CI run for instance.
        v.rawCheck(({ dataset, addIssue }) => {
          if (!dataset.typed || !URL.canParse(dataset.value) || !SLACK_HOST.test(new URL(dataset.value).hostname))
            return;
          addIssue({
            message: wrong(
              'is a credential, which would be committed in dist',
              'put the credential in a Secret and give its name in webhookSecret',
            ),
          });
        }),
      ),
    ),
    channel: v.optional(v.pipe(v.string(), v.nonEmpty(wrong('is empty', 'write a channel as in #alerts')))),
  }),
  v.check(
    ({ webhookSecret, webhookUrl }) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    wrong(
      'requires exactly one of webhookSecret and webhookUrl',
      'set webhookSecret; webhookUrl is for a stand-in such as slack-inbox',
    ),
  ),
);

/** What may be called while the stack lives. */
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
    ({ webhookSecret, webhookUrl }) => (webhookSecret === undefined) !== (webhookUrl === undefined),
    wrong(
      'requires exactly one of webhookSecret and webhookUrl',
      'set webhookSecret; webhookUrl is for a service that needs no credential',
    ),
  ),
);

const ofTheStack = wrong(
  'has no effect together with config, which replaces the routes of the stack',
  'move it into config, or remove config',
);

/** What may be asked of routes; Alertmanager's own checks look into them. */
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
          v.regex(/^[\w.-]+\.tmpl$/, wrong('is not a valid name of a template file', 'write for instance shop.tmpl')),
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
      addIssue({ message: ofTheStack, path: [{ type: 'object', origin: 'value', input, key, value: input[key] }] });
    }
  }),
);
