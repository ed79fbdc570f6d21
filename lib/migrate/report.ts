import { formatFinding } from '../checks/findings';
import { ALERTMANAGER_URL, GRAFANA_ADMIN, GRAFANA_URL, SLACK_WEBHOOK } from './app';
import { CREDENTIALS } from './credentials';
import type { Migration } from './moved';
import { counted } from './rules';

/** Returns the report of a migration, in Markdown. */
export function report(migration: Migration): string {
  const { left, findings } = migration;
  return [
    ...section('Migrated', migrated(migration)),
    ...section('To do before the first apply', toDo(migration)),
    ...section('Changed', [
      ...(migration.oldMatches
        ? ['- `match` and `match_re` are replaced by `matchers`; alerts go to the same receivers.']
        : []),
      '- Comments are removed, except for waivers.',
      '- The collector only sets the labels `namespace`, `app`, `pod`, `container`, `node_name`, `job` (`<namespace>/<app>`) and `stream`: use these in selectors and `by (…)` of rules, and in `group_by`, `equal` and messages.',
      '- Loki 3.7 starts with an empty index: existing logs stay in the old Loki, where you can query them until their retention ends.',
    ]),
    ...section(
      'Not migrated',
      left.map((what) => `- ${what}`),
    ),
    ...section(
      'To correct',
      findings.map((finding) => `- ${formatFinding(finding)}`),
    ),
  ]
    .join('\n')
    .trimEnd();
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [`## ${title}`, '', ...lines, ''] : [];
}

function migrated({ rules, alertmanager, templates, settings }: Migration): string[] {
  const { storageClassName, limits = {}, ...loki } = settings;
  return [
    ...rules.map(
      ({ name, groups }) => `- rules/${name}: ${counted(groups.flatMap((group) => group.rules).length, 'rule')}`,
    ),
    ...(alertmanager ? [`- alertmanager.yml: ${counted(alertmanager.receivers.length, 'receiver')}, all routes`] : []),
    ...templates.map(({ file }) => `- templates/${file}`),
    ...Object.entries(loki).map(([name, value]) => `- loki.${name}: ${value}`),
    ...Object.entries(limits).map(([name, value]) => `- loki.limits.${name}: ${value}`),
    ...(storageClassName ? [`- storageClassName: ${storageClassName}`] : []),
  ];
}

function toDo({ alertmanager, credentials, secrets, findings }: Migration): string[] {
  const hidden = credentials.length > 0 || findings.some(({ id }) => id === 'migrate-credential');
  const copied = secrets.filter((name) => name !== CREDENTIALS);
  return [
    `- main.ts: replace \`${GRAFANA_URL}\` and \`${ALERTMANAGER_URL}\` with your own addresses; alerts link to them.`,
    `- Create the Secrets that it uses${hidden ? '. Credentials of your alertmanager.yml were not written to any of these files' : ''}:`,
    '',
    '```sh',
    'kubectl create namespace logging',
    `kubectl -n logging create secret generic ${GRAFANA_ADMIN} --from-literal=user=admin --from-literal=password=…`,
    ...(alertmanager
      ? []
      : [
          `kubectl -n logging create secret generic ${SLACK_WEBHOOK} --from-literal=url=https://hooks.slack.com/services/…`,
        ]),
    ...(credentials.length > 0
      ? [
          `kubectl -n logging create secret generic ${CREDENTIALS} \\`,
          credentials
            .map(({ key, file }) => `  ${file ? `--from-file=${key}=…` : `--from-literal=${key}=…`}`)
            .join(' \\\n'),
        ]
      : []),
    ...copied.map(
      (name) =>
        `kubectl -n monitoring get secret ${name} -o json | jq '{apiVersion, kind, type, data, metadata: {name: .metadata.name}}' | kubectl -n logging apply -f -`,
    ),
    '```',
    ...(credentials.length > 0 ? ['', `Keys of ${CREDENTIALS}:`, ''] : []),
    ...credentials.map(
      ({ key, path, file }) =>
        `- \`${key}\`: the content of ${file ? `the file \`${file}\` of \`${path}\`` : `\`${path}\``}`,
    ),
    ...(copied.length > 0
      ? [
          '',
          `${copied.map((name) => `\`${name}\``).join(', ')}: alertmanager.yml reads files of ${copied.length > 1 ? 'these Secrets' : 'this Secret'}: copy ${copied.length > 1 ? 'them' : 'it'} from the namespace of the old Alertmanager (above: \`monitoring\`) to \`logging\`.`,
        ]
      : []),
  ];
}
