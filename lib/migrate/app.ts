import { pipeline, RUNBOOK } from '../../rules';
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

/** Placeholder addresses, which the user replaces. */
export const GRAFANA_URL = 'https://grafana.example.com';
export const ALERTMANAGER_URL = 'https://alertmanager.example.com';

/** Secrets that main.ts always uses. */
export const GRAFANA_ADMIN = 'grafana-admin';
export const SLACK_WEBHOOK = 'slack-webhook';

const { logging, logCollector } = namespacesOf({});
/** Namespaces of the new stack: the old one keeps running for a while, with programs of the same names. */
export const PIPELINE_NAMESPACES: readonly string[] = [logging, logCollector];

/** Props that the written app passes to `LogAlerting`, as read from its files. */
export interface ReadApp {
  readonly props: LogAlertingProps;
  /** Migrated rules, each with its place in the files of the app. */
  readonly rules: readonly RuleFile[];
  /** Positions of the parts of alertmanager.yml. @default none, without an alertmanager.yml */
  readonly positions?: Positions;
}

/** @param folder folder of the app, for the places of findings */
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

/** Returns the Secrets that Alertmanager mounts: the one for migrated credentials, and those that it mounted before. */
export function mountedSecrets({ credentials, secrets }: Moved): string[] {
  return [...new Set([...(credentials.length > 0 ? [CREDENTIALS] : []), ...secrets])];
}
