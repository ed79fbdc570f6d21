import { formatFinding } from '../checks/findings';
import { ALERTMANAGER_URL, GRAFANA_ADMIN, GRAFANA_URL, SLACK_WEBHOOK } from './app';
import { CREDENTIALS } from './credentials';
import type { Migration } from './moved';
import { counted } from './rules';

/** What a person must know, in Markdown. */
export function report(migration: Migration): string {
  const { left, findings } = migration;
  return [
    ...section('Migrated', takenOver(migration)),
    ...section('To do before the first apply', toDo(migration)),
    ...section('Changed', [
      ...(migration.oldMatches ? ['- `match` and `match_re` are `matchers`: each alert goes where it went.'] : []),
      '- Comments are not kept, except for waivers.',
      '- The collector sets `namespace`, `app`, `pod`, `container`, `node_name`, `job` (`<namespace>/<app>`) and `stream`, and no other label: selectors and `by (…)` of rules must use these, and `group_by`, `equal` and messages too.',
      '- Loki 3.7 with an index of its own: the logs in the old Loki stay there, and can be queried until their retention ends.',
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

function takenOver({ rules, alertmanager, templates, settings }: Migration): string[] {
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
    `- main.ts: write your own addresses in place of \`${GRAFANA_URL}\` and \`${ALERTMANAGER_URL}\`; alerts link to them.`,
    `- The Secrets that it names${hidden ? '. Credentials of your alertmanager.yml were not written to any of these files' : ''}:`,
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
    ...(credentials.length > 0 ? ['', `Of ${CREDENTIALS}:`, ''] : []),
    ...credentials.map(
      ({ key, path, file }) =>
        `- \`${key}\`: the content of ${file ? `the file \`${file}\` of \`${path}\`` : `\`${path}\``}`,
    ),
    ...(copied.length > 0
      ? [
          '',
          `${copied.map((name) => `\`${name}\``).join(', ')}: alertmanager.yml reads files of ${copied.length > 1 ? 'these' : 'this'}; copy from the namespace that Alertmanager ran in, \`monitoring\` above, to \`logging\`.`,
        ]
      : []),
  ];
}
