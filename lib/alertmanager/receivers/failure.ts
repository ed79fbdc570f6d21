import type { Path } from '../../checks/findings';

/** Effect for all kinds of receivers but one. */
export const NOTHING_SENT = 'no notification is sent';

/**
 * Returns the effect of a template in a field that cannot be executed. Only Slack's integration ignores the error:
 * the failing field ends where it fails, and all further ones are empty, also the channel. Upstream: `Notify` in
 * `notify/slack/slack.go`.
 */
export function failureOf([section, , field]: Path): string {
  if (section !== 'receivers') return 'it has no value';
  return field === 'slack_configs'
    ? 'Slack shows a message that is blank from there on, and Alertmanager logs nothing'
    : NOTHING_SENT;
}
