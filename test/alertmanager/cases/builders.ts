/** An invalid config, and its first finding. */
export interface InvalidConfig {
  readonly yaml: string;
  /** `line:column: subject: message [id]`, with `…` as a wildcard. */
  readonly finding: string;
}

export const RECEIVER = 'receivers: [{name: r}]\n';
export const ROUTE = 'route: {receiver: r}\n';

export const withRoute = (fields: string) => `${RECEIVER}route:\n  receiver: r\n${fields}`;
export const withReceiver = (kind: string, fields: string) =>
  `${ROUTE}receivers:\n- name: r\n  ${kind}_configs:\n  - ${fields}\n`;
export const withHttp = (fields: string) => withReceiver('webhook', `{url: "http://x", http_config: ${fields}}`);
export const withTimes = (fields: string) =>
  `${ROUTE}${RECEIVER}time_intervals: [{name: t, time_intervals: [{${fields}}]}]\n`;
export const withInhibition = (fields: string) => `${ROUTE}${RECEIVER}inhibit_rules: [{${fields}}]\n`;
