import type { SlackMessage } from './slack-message';

/** Environment of the demo: a cluster, or processes on this machine. Both run the configurations in `dist`. */
export interface Stage {
  /** Description for messages, such as `the cluster of context 'kind-kind'`. */
  readonly name: string;
  /** Base URL of Loki's API. */
  readonly lokiUrl: string;
  /** Stops the flood. */
  stopFlood(): Promise<void>;
  /** All Slack messages so far, oldest first. */
  messages(): Promise<SlackMessage[]>;
}
