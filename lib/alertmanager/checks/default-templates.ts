import { ALERT, DATA, type GoType } from '../../go-template';

/** Alertmanager's templates that read nothing of their dot. */
const ANY_DOT = new Set([
  ...['__alertmanager', '__description', 'discord.default.content', 'mattermost.default.username'],
  ...['pagerduty.default.client', 'victorops.default.monitoring_tool'],
  ...['alias', 'emoji', 'iconurl', 'text'].map((name) => `rocketchat.default.${name}`),
  ...['callbackid', 'footer', 'iconemoji', 'iconurl', 'pretext', 'text', 'username'].map(
    (name) => `slack.default.${name}`,
  ),
  ...['agent_id', 'to_party', 'to_tag', 'to_user'].map((name) => `wechat.default.${name}`),
]);

/** Alertmanager's templates that only read the status, which an alert has too. */
const STATUS = /\.default\.color$/;

/** Alertmanager's templates that show fields as they are, so that missing ones do no harm. */
const PLAIN = /(URL|\.titlelink|\.source|\.url)$/;

/** Alertmanager's templates for a list of alerts. */
const FOR_ALERTS = new Set(['__text_alert_list', '__text_alert_list_markdown', 'pagerduty.default.instances']);

/**
 * Returns why a template of Alertmanager fails with a dot; undefined if it does not, or if it is not Alertmanager's.
 * Upstream: `template/default.tmpl` and `template/email.tmpl` of prometheus/alertmanager.
 */
export function defaultTemplateProblem(name: string, dot: GoType): string | undefined {
  if (dot.kind === 'any' || ANY_DOT.has(name) || !/^__|^[a-z0-9]+\.default\.[\w]+$/.test(name)) return undefined;
  if (FOR_ALERTS.has(name)) {
    const isList = dot.items?.name === ALERT || dot.kind === 'nil';
    return isList ? undefined : `the template "${name}" expects a list of alerts, got ${dot.name}`;
  }
  if (dot.name === DATA || (STATUS.test(name) && dot.name === ALERT)) return undefined;
  if (dot.kind === 'map' && (STATUS.test(name) || PLAIN.test(name))) return undefined;
  if (dot.kind === 'nil' && (STATUS.test(name) || PLAIN.test(name) || name === 'jira.default.priority'))
    return undefined;
  return `the template "${name}" expects ${DATA}, got ${dot.name}`;
}
