import { isMap, isSeq, type YAMLMap } from 'yaml';

/** A file of another program, or an object that holds no rules, and what to do with it. */
export interface OtherKind {
  readonly name: string;
  readonly use: string;
}

const MIGRATE = "'loki-alerts migrate' reads it";

const OBJECTS: Readonly<Record<string, string>> = {
  AlertmanagerConfig: 'it belongs to the Prometheus operator; check the alertmanager.yml, or write one with its routes',
  HelmRelease: "check the manifests that it renders to, with 'helm template'",
  Application: "check the manifests that it renders to, with 'helm template' or 'argocd app manifests'",
  Secret: 'it has no data',
  SealedSecret: 'its content is encrypted; check the Secret that it becomes',
  ExternalSecret: 'its content is elsewhere; check the Secret that it becomes',
  ConfigMap: 'it has no data',
  LokiRule: 'check its groups as a rule file, or as AlertingRule and RecordingRule of the Loki operator',
};

/** Files of other programs, by fields that they have at the top. */
const FILES: readonly (readonly [string, string, (has: (key: string) => boolean, root: YAMLMap) => boolean])[] = [
  [
    'a configuration of Prometheus',
    'check the rule files of Loki',
    (has) => has('scrape_configs') && (has('rule_files') || has('alerting') || has('global')),
  ],
  ['a configuration of Promtail', `check rule files; ${MIGRATE}`, (has) => has('scrape_configs')],
  [
    'a configuration of Loki',
    `check the files in its rules directory; ${MIGRATE}`,
    (has) => has('schema_config') || (has('ruler') && has('limits_config')),
  ],
  [
    'a file of Docker Compose',
    `check the files that it mounts; ${MIGRATE}`,
    (has, root) => has('services') && isMap(root.get('services')),
  ],
  [
    'a configuration of the OpenTelemetry Collector',
    'check rule files',
    (has) => (has('receivers') && has('service')) || has('dist'),
  ],
  [
    'unit tests of rules',
    "'loki-alerts test' runs them, in files named *.test.yaml",
    (has, root) => has('tests') && isSeq(root.get('tests')),
  ],
  [
    'a Helm chart',
    "check the manifests that it renders to, with 'helm template'",
    (has) => has('apiVersion') && has('name') && has('version'),
  ],
  [
    'values of a Helm chart',
    `check the manifests that they render to, with 'helm template'; ${MIGRATE}`,
    (_has, root) =>
      [
        'loki',
        'alertmanager',
        'promtail',
        'prometheus',
        'grafana',
        'image',
        'global',
        'ruler',
        'kubeControllerManager',
      ].some((key) => isMap(root.get(key))),
  ],
];

/** What a document is that holds neither rules nor routes; undefined if it is not known. */
export function otherKind(root: YAMLMap, known?: 'grafana'): OtherKind | undefined {
  if (known === 'grafana') {
    return {
      name: 'a provisioning file of Grafana',
      use: 'Grafana evaluates its rules, and Loki can not read them; write rule groups with expr',
    };
  }
  const [kind, apiVersion] = [root.get('kind'), root.get('apiVersion')];
  if (typeof kind === 'string' && apiVersion !== undefined) {
    const use = OBJECTS[kind] ?? 'give AlertingRule, RecordingRule, PrometheusRule, or a ConfigMap with rule files';
    return { name: `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind} of ${apiVersion}`, use };
  }
  const has = (key: string) => root.has(key);
  const [name, use] = FILES.find(([, , is]) => is(has, root)) ?? [];
  return name !== undefined && use !== undefined ? { name, use } : undefined;
}
