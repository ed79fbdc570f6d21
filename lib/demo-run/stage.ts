import type { SlackMessage } from './slack-message';

/** Where the story plays: a cluster, or processes of this machine. Both run the configurations that stand in dist. */
export interface Stage {
  /** In the words of a sentence: `the cluster of context 'kind-kind'`. */
  readonly name: string;
  /** Base URL of Loki's API. */
  readonly lokiUrl: string;
  /** Lets the flood end. */
  stopFlood(): Promise<void>;
  /** All Slack messages so far, oldest first. */
  messages(): Promise<SlackMessage[]>;
}

/** Told what happens, a line at a time. */
export type OnProgress = (line: string) => void;
