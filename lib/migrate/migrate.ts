import { checkAlertmanagerConfig } from '../alertmanager/check';
import { checkRoutesAgainstRules } from '../alertmanager/check-rules';
import type { AlertmanagerConfig } from '../alertmanager/config';
import { readAlertmanagerConfig } from '../alertmanager/read';
import { checkTemplateFiles } from '../alertmanager/template-files';
import type { TemplateFile } from '../alertmanager/templates';
import { COLLECTOR_LABELS } from '../collector/labels';
import type { Finding } from '../findings';
import { checkRuleFiles } from '../rules/check';
import { isAlert, type RuleFile } from '../rules/model';
import { type Credential, withoutCredentials } from './alertmanager';
import { checkForeignLabels } from './labels';
import type { Found, LokiSettings } from './read';

/** Severities that the stack knows without being told. */
const SEVERITIES = ['info', 'warning', 'critical'];

/** Another system's rules and routes, as this one takes them. */
export interface Migration {
  readonly rules: readonly RuleFile[];
  readonly alertmanager?: AlertmanagerConfig;
  readonly templates: readonly TemplateFile[];
  readonly credentials: readonly Credential[];
  readonly settings: LokiSettings;
  /** Values of the label `severity`, if there are others than the stack's own. */
  readonly severities?: readonly string[];
  /** What has no place in this system. */
  readonly left: readonly string[];
  /** What must or should be corrected by hand. */
  readonly findings: readonly Finding[];
}

export function migrate(found: Found): Migration {
  const rules = withNames(found.rules);
  const { config, credentials, findings } = routes(found);
  const groups = rules.flatMap((file) => file.groups);
  const options = { collectorLabels: COLLECTOR_LABELS, evaluationInterval: found.settings.evaluationInterval };
  const severities = [...new Set([...SEVERITIES, ...groups.flatMap(severitiesOf)])];
  return {
    rules,
    alertmanager: config,
    templates: found.templates,
    credentials,
    settings: found.settings,
    ...(severities.length > SEVERITIES.length ? { severities } : {}),
    left: found.left,
    findings: [
      ...found.findings,
      ...findings,
      ...checkTemplateFiles(found.templates),
      ...checkRuleFiles(rules, options).map(mustBeCorrected),
      ...checkForeignLabels(rules),
      ...(config ? checkRoutesAgainstRules(config, groups, found.templates) : []),
    ],
  };
}

/** A rule that was right with another collector and never sees a line here is no matter of taste. */
function mustBeCorrected(finding: Finding): Finding {
  return finding.id === 'selector-label-unknown' ? { ...finding, severity: 'error' } : finding;
}

/** Files of one name would replace each other. */
function withNames(files: readonly RuleFile[]): RuleFile[] {
  const taken = new Map<string, number>();
  return files
    .filter((file) => file.groups.length > 0)
    .map((file) => {
      const [, stem = file.name] = /^(.*?)(\.ya?ml)?$/.exec(file.name) ?? [];
      const number = (taken.get(stem) ?? 0) + 1;
      taken.set(stem, number);
      return Object.assign(file, { name: number === 1 ? `${stem}.yaml` : `${stem}-${number}.yaml` });
    });
}

function severitiesOf({ rules }: RuleFile['groups'][number]): string[] {
  return rules
    .filter(isAlert)
    .flatMap(({ labels }) => labels?.severity ?? [])
    .filter((value) => !value.includes('{{'));
}

function routes({ alertmanager }: Found) {
  const [first, ...others] = alertmanager;
  if (first === undefined) return { config: undefined, credentials: [], findings: [] };
  const read = readAlertmanagerConfig(first.text, first.file);
  const more: Finding[] = others.map(({ file }) => ({
    id: 'migrate',
    severity: 'error',
    file,
    message: `is another alertmanager.yml than ${first.file}, and the stack has one: give one of them, or join them by hand`,
  }));
  if (!read.config) return { config: undefined, credentials: [], findings: [...read.findings, ...more] };
  const { config, credentials } = withoutCredentials(read.config);
  return { config, credentials, findings: [...read.findings, ...more, ...checkAlertmanagerConfig(config)] };
}
