/** File name extensions of message templates; sources of configurations have the same. */
export const TEMPLATE_ENDINGS = ['tmpl', 'gotmpl', 'template', 'tpl'] as const;

export const TEMPLATE_ENDING = new RegExp(`\\.(${TEMPLATE_ENDINGS.join('|')})$`);

/** Fields at the top of configurations of Alertmanager, Loki, Promtail, Kubernetes and docker-compose. */
const CONFIGURATION =
  /^["']?(global|route|receivers|inhibit_rules|groups|apiVersion|services|schema_config|limits_config|ruler|scrape_configs|loki|alertmanager)["']?:(\s|$)/m;

/** Returns whether a text is a configuration, whatever the name of its file: envsubst may render it. */
export function isConfiguration(text: string): boolean {
  return CONFIGURATION.test(text);
}

/** Variables and functions that only templates of Helm have. */
const OF_HELM = /\{\{[^}]*(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|tpl|toYaml|nindent)\s)/;

/** Returns whether a text is a template of Helm: its definitions are not message templates. */
export function isOfHelm(text: string): boolean {
  return OF_HELM.test(text);
}
