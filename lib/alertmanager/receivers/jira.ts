import { boolean, changed, list, map, type ObjectOf, object, since, template, templates } from '../config/schema';
import { oneOfWords, prometheusDuration, url } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A Jira issue. Upstream: `notify/jira/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#jira_config
 */
export interface JiraConfig extends HttpNotifier {
  /** URL of Jira's REST API, required here or globally. @default the global `jira_api_url` */
  readonly api_url?: string;
  /** @default 'auto', derived from the URL */
  readonly api_type?: 'auto' | 'cloud' | 'datacenter';
  /** Key of the project. */
  readonly project: TemplateText;
  /** Name of the issue type, e.g. `Bug`. */
  readonly issue_type: TemplateText;
  readonly summary?: JiraField;
  readonly description?: JiraField;
  /** @default none */
  readonly labels?: readonly TemplateText[];
  readonly priority?: TemplateText;
  /** Transition that reopens an issue. @default none, a new issue */
  readonly reopen_transition?: TemplateText;
  /** Transition that resolves an issue. @default none, it stays open */
  readonly resolve_transition?: TemplateText;
  /** Resolution of issues that are not reopened. @default none */
  readonly wont_fix_resolution?: TemplateText;
  /** Time after which a resolved issue is not reopened, as a Prometheus duration. @default '0s', no limit */
  readonly reopen_duration?: string;
  /** Additional fields, by id. @default none */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A field as text, or with the option to leave it unchanged in updates. */
export type JiraField = TemplateText | { readonly template?: TemplateText; readonly enable_update?: boolean };

export interface JiraGlobal {
  /** @default none */
  readonly jira_api_url?: string;
}

const fieldWithUpdate: ObjectOf = { ...object({ template, enable_update: boolean }), short: template };
const jiraField = changed('0.30.0', template, fieldWithUpdate);

export const jira = receiverKind<JiraConfig, JiraGlobal>({
  fields: {
    ...httpNotifier,
    api_url: url,
    api_type: since('0.29.0', oneOfWords('auto', 'cloud', 'datacenter')),
    project: template,
    issue_type: template,
    summary: jiraField,
    description: jiraField,
    labels: list(template),
    priority: template,
    reopen_transition: template,
    resolve_transition: template,
    wont_fix_resolution: template,
    reopen_duration: prometheusDuration,
    fields: map(templates),
  },
  needs: [{ own: ['project'] }, { own: ['issue_type'] }, { own: ['api_url'], global: ['jira_api_url'] }],
  urls: [{ own: 'api_url', global: 'jira_api_url' }],
  defaultTemplates: ['description', 'priority', 'summary'],
  sendResolvedByDefault: true,
  minimal: { api_url: 'https://jira.example.com/rest/api/2/', project: 'OPS', issue_type: 'Bug' },
  global: { fields: { jira_api_url: url } },
});
