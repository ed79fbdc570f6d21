import type { Destination } from '../kubernetes/destination';
import { serviceHost } from '../kubernetes/service-host';
import { NGINX_APP_PORT } from './nginx-app';

/** Receives the demo's messages where there is no Slack, and logs them. */
export const SLACK_INBOX = 'slack-inbox';

/** Base URL of the slack-inbox of a namespace. */
export function slackInboxUrl(namespace: string): string {
  return `http://${serviceHost(SLACK_INBOX, namespace)}:${NGINX_APP_PORT}`;
}

/** Returns whether a connection leads to the slack-inbox of a namespace. */
export function isSlackInbox({ service, namespace }: Destination, inboxNamespace: string | undefined): boolean {
  return service === SLACK_INBOX && namespace !== undefined && namespace === inboxNamespace;
}
