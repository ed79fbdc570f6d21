import { HIGH_LOG_RATE, pipeline, RUNBOOK } from '../../rules';
import type { Positions } from '../alertmanager/config/config-findings';
import { readAlertmanagerConfig } from '../alertmanager/config/read';
import { toYaml } from '../alertmanager/config/write';
import type { RuleFile } from '../rules/model';
import { scanYaml } from '../rules/read';
import { ruleFileToYaml } from '../rules/write';
import { namespacesOf } from '../stack/namespaces';
import type { LogAlertingProps } from '../stack/props';
import { SEVERITIES } from '../stack/resolve';
import { sourceText } from '../yaml/source';
import { CREDENTIALS } from './credentials';
import type { Moved } from './moved';

/** Where people open Grafana, until the user writes where. */
export const GRAFANA_URL = 'https://grafana.example.com';
export const ALERTMANAGER_URL = 'https://alertmanager.example.com';

/** Secrets that main.ts names whatever was moved. */
export const GRAFANA_ADMIN = 'grafana-admin';
export const SLACK_WEBHOOK = 'slack-webhook';

const { logging, logCollector } = namespacesOf({});
/** Of the new stack: the old one stays beside it for a while, and its programs have the same names. */
export const PIPELINE_NAMESPACES: readonly string[] = [logging, logCollector];

/** What the written app gives to `LogAlerting`, read from its files, and where the parts of its alertmanager.yml stand. */
export interface ReadApp {
  readonly props: LogAlertingProps;
  /** The moved rules, each with its place in the app's files. */
  readonly rules: readonly RuleFile[];
  readonly positions?: Positions;
}

/** @param folder the app's, as findings shall name it */
export function readApp(moved: Moved, folder: string): ReadApp {
  const { alertmanager, templates, settings, severities } = moved;
  const rules = moved.rules.flatMap(
    (file) => scanYaml(sourceText(`${folder}/rules/${file.name}`, ruleFileToYaml(file))).rules,
  );
  const routes = alertmanager && readAlertmanagerConfig(toYaml(alertmanager), `${folder}/alertmanager.yml`);
  const { storageClassName, ...loki } = settings;
  const secrets = mountedSecrets(moved);
  return {
    rules,
    positions: routes?.positions,
    props: {
      profile: 'single',
      grafanaUrl: GRAFANA_URL,
      alertmanagerUrl: ALERTMANAGER_URL,
      rateAlert: HIGH_LOG_RATE,
      runbook: RUNBOOK,
      rules: [...rules, pipeline({ grafanaUrl: GRAFANA_URL, namespaces: PIPELINE_NAMESPACES })],
      ...(severities.length > 0 ? { severities: [...SEVERITIES, ...severities] } : {}),
      ...(routes
        ? {
            routing: {
              config: routes.config,
              templates: Object.fromEntries(templates.map(({ file, text }) => [file, text])),
            },
          }
        : { slack: { webhookSecret: SLACK_WEBHOOK } }),
      ...(secrets.length > 0 ? { alertmanager: { secrets } } : {}),
      grafana: { adminSecret: GRAFANA_ADMIN },
      loki,
      storageClassName,
    },
  };
}

/** Secrets that Alertmanager reads: the one of what was taken out, and those that it read before. */
export function mountedSecrets({ credentials, secrets }: Moved): string[] {
  return [...new Set([...(credentials.length > 0 ? [CREDENTIALS] : []), ...secrets])];
}
