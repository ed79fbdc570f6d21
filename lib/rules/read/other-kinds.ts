import { isMap, isSeq, type YAMLMap } from 'yaml';

/** A file of another program, or an object without rules, and what to do with it. */
export interface OtherKind {
  readonly name: string;
  readonly use: string;
}

const MIGRATE = "or run 'loki-alerts migrate'";

const OBJECTS: Readonly<Record<string, string>> = {
  AlertmanagerConfig: 'check the alertmanager.yml that the Prometheus operator makes of it',
  HelmRelease: "check its manifests, with 'helm template'",
  Application: "check its manifests, with 'helm template' or 'argocd app manifests'",
  Secret: 'add a rule file to its data',
  SealedSecret: 'check the Secret that it is decrypted to',
  ExternalSecret: 'check the Secret that it is synced to',
  ConfigMap: 'add a rule file to its data',
  LokiRule: 'move its groups to a rule file, or to an AlertingRule or RecordingRule of the Loki operator',
};

/** Files of other programs, by their top-level fields. */
const FILES: readonly (readonly [string, string, (has: (key: string) => boolean, root: YAMLMap) => boolean])[] = [
  [
    'a Prometheus configuration',
    'check the rule files of Loki',
    (has) => has('scrape_configs') && (has('rule_files') || has('alerting') || has('global')),
  ],
  ['a Promtail configuration', `check rule files, ${MIGRATE}`, (has) => has('scrape_configs')],
  [
    'a Loki configuration',
    `check the files in its rules directory, ${MIGRATE}`,
    (has) => has('schema_config') || (has('ruler') && has('limits_config')),
  ],
  [
    'a Docker Compose file',
    `check the files that it mounts, ${MIGRATE}`,
    (has, root) => has('services') && isMap(root.get('services')),
  ],
  [
    'an OpenTelemetry Collector configuration',
    'check rule files',
    (has) => (has('receivers') && has('service')) || has('dist'),
  ],
  [
    'a rule test file',
    "name it *.test.yaml, and run 'loki-alerts test'",
    (has, root) => has('tests') && isSeq(root.get('tests')),
  ],
  [
    'a Helm chart',
    "check its manifests, with 'helm template'",
    (has) => has('apiVersion') && has('name') && has('version'),
  ],
  [
    'a Helm values file',
    `check the manifests of the chart, with 'helm template', ${MIGRATE}`,
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

/** Kind of a document with neither rules nor routes; undefined if it is unknown. */
export function otherKind(root: YAMLMap, known?: 'grafana'): OtherKind | undefined {
  if (known === 'grafana') {
    return {
      name: 'a Grafana provisioning file',
      use: 'write rule groups with "expr": Grafana evaluates its rules itself, and Loki cannot read them',
    };
  }
  const [kind, apiVersion] = [root.get('kind'), root.get('apiVersion')];
  if (typeof kind === 'string' && apiVersion !== undefined) {
    const use = OBJECTS[kind] ?? 'use an AlertingRule, RecordingRule or PrometheusRule, or a ConfigMap with rule files';
    return { name: `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind} of ${apiVersion}`, use };
  }
  const has = (key: string) => root.has(key);
  const [name, use] = FILES.find(([, , is]) => is(has, root)) ?? [];
  return name !== undefined && use !== undefined ? { name, use } : undefined;
}
