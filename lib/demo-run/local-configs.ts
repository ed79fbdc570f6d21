import { configData, type Manifest } from '../kubernetes-objects/dist';
import { parsePlain } from '../yaml/plain';

/** A container whose log file Promtail reads, as service discovery would describe it. */
export interface LocalPod {
  readonly namespace: string;
  readonly name: string;
  readonly app: string;
  readonly container: string;
  readonly uid: string;
}

/** Returns the path of a container's log file in the folder of pod logs, as the kubelet names it. */
export function logFile(pod: LocalPod): string {
  return `${pod.namespace}_${pod.name}_${pod.uid}/${pod.container}/0.log`;
}

/**
 * Replaces prefixes in all strings of a configuration. The longest prefix wins.
 * @param places replacement of each prefix
 */
export function relocate<T>(config: T, places: Readonly<Record<string, string>>): T {
  const prefixes = Object.keys(places).sort((a, b) => b.length - a.length);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const prefix = prefixes.find((candidate) => value.startsWith(candidate));
      return prefix === undefined ? value : places[prefix] + value.slice(prefix.length);
    }
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
  };
  return walk(config) as T;
}

/** Returns Loki's configuration from the manifests, with local paths and addresses. */
export function localLokiConfig(manifests: readonly Manifest[], dir: string, alertmanagerUrl: string): object {
  const config = parsePlain(configData(manifests, 'loki-config')['config.yaml'] ?? '');
  return relocate(config, {
    '/loki': `${dir}/data`,
    '/etc/loki/rules': `${dir}/rules`,
    '/etc/loki/runtime': `${dir}/runtime`,
    [config.ruler.alertmanager_url]: alertmanagerUrl,
  });
}

/** Returns rule files and tenant limits from the manifests, by path in Loki's working folder. */
export function localLokiFiles(manifests: readonly Manifest[]): Record<string, string> {
  const folders = manifests.flatMap((manifest) => lokiFolders(manifest));
  return Object.fromEntries(
    folders.flatMap(({ folder, maps }) =>
      maps
        .flatMap((name) => Object.entries(configData(manifests, name)))
        .map(([name, text]) => [`${folder}/${name}`, text]),
    ),
  );
}

interface PodSpec {
  readonly volumes?: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly projected?: { readonly sources: readonly { readonly configMap: { readonly name: string } }[] };
  }[];
  readonly containers: readonly {
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
}

/** Returns the ConfigMaps that a workload mounts under /etc/loki, by folder. */
function lokiFolders(manifest: Manifest): { folder: string; maps: readonly string[] }[] {
  const { spec } = manifest as { spec?: { template?: { spec?: PodSpec } } };
  const { volumes = [], containers = [] } = spec?.template?.spec ?? {};
  return containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .filter(({ mountPath }) => mountPath.startsWith('/etc/loki/'))
    .map(({ name, mountPath }) => {
      const volume = volumes.find((candidate) => candidate.name === name);
      const sources = volume?.projected?.sources ?? [];
      const maps = [
        ...sources.map(({ configMap }) => configMap.name),
        ...(volume?.configMap ? [volume.configMap.name] : []),
      ];
      return { folder: mountPath.slice('/etc/loki/'.length), maps };
    });
}

/** Returns Alertmanager's configuration from the manifests, with local paths and addresses. */
export function localAlertmanagerConfig(manifests: readonly Manifest[], dir: string, slackUrl: string): object {
  const config = parsePlain(configData(manifests, 'alertmanager-config')['alertmanager.yml'] ?? '');
  return relocate(config, { '/etc/alertmanager': dir, [inboxUrl(config)]: slackUrl });
}

/** Returns message templates from the manifests, by path in Alertmanager's working folder. */
export function localTemplates(manifests: readonly Manifest[]): Record<string, string> {
  const files = Object.entries(configData(manifests, 'alertmanager-config'));
  return Object.fromEntries(files.filter(([name]) => name.endsWith('.tmpl')));
}

/**
 * Returns Promtail's configuration from the manifests, with local paths and addresses, and a fixed list of pods instead
 * of service discovery.
 * @throws if the manifests have another collector, which needs the Kubernetes API for the pods' labels
 */
export function localPromtailConfig(
  manifests: readonly Manifest[],
  places: { readonly dir: string; readonly podLogs: string; readonly lokiUrl: string },
  pods: readonly LocalPod[],
): object {
  if (!manifests.some(({ metadata }) => metadata.name === 'promtail-config'))
    throw new Error(
      "the manifests have no Promtail, and other collectors need a cluster: set collector to 'promtail', or use a cluster",
    );
  const config = parsePlain(configData(manifests, 'promtail-config')['config.yaml'] ?? '');
  const [client] = config.clients;
  const [scrape] = config.scrape_configs;
  const { kubernetes_sd_configs: _, ...rest } = relocate(scrape, { '/var/log/pods': places.podLogs });
  return {
    ...config,
    positions: relocate(config.positions, { '/run/promtail': places.dir }),
    clients: [relocate(client, { [new URL(client.url).origin]: places.lokiUrl })],
    scrape_configs: [{ ...rest, static_configs: pods.map(staticTarget) }],
  };
}

/** Returns a static target with the labels of Promtail's service discovery. */
function staticTarget(pod: LocalPod) {
  const meta = '__meta_kubernetes';
  return {
    targets: ['localhost'],
    labels: {
      [`${meta}_namespace`]: pod.namespace,
      [`${meta}_pod_name`]: pod.name,
      [`${meta}_pod_uid`]: pod.uid,
      [`${meta}_pod_node_name`]: 'localhost',
      [`${meta}_pod_container_name`]: pod.container,
      [`${meta}_pod_label_app_kubernetes_io_name`]: pod.app,
    },
  };
}

/** Returns the origin of the slack-inbox: its URL is in a receiver. @throws if the URL is in a Secret instead */
function inboxUrl(config: { receivers: { slack_configs?: { api_url?: string }[] }[] }): string {
  const urls = config.receivers.flatMap(({ slack_configs = [] }) =>
    slack_configs.flatMap(({ api_url }) => api_url ?? []),
  );
  if (!urls[0])
    throw new Error('the manifests send messages to a real Slack: use manifests with the slack-inbox to run locally');
  return new URL(urls[0]).origin;
}
