import { toYaml } from '../alertmanager/write';
import { ruleFileToYaml } from '../rules/write';
import { CREDENTIALS } from './alertmanager';
import type { Migration } from './migrate';

/** File name to text of an app that runs what was migrated. @param root this project, as a path from the app's folder */
export function appFiles(migration: Migration, root: string): Record<string, string> {
  const { rules, alertmanager, templates } = migration;
  return {
    ...Object.fromEntries(rules.map((file) => [`rules/${file.name}`, ruleFileToYaml(file)])),
    ...(alertmanager ? { 'alertmanager.yml': toYaml(alertmanager) } : {}),
    ...Object.fromEntries(templates.map(({ file, text }) => [`templates/${file}`, text])),
    'main.ts': mainTs(migration, root),
    'cdk8s.yaml': `language: typescript\napp: node ${root}/scripts/run.js main.ts\noutput: dist\n`,
    'MOVING.md': `# What was moved, and what is left to do\n\n${report(migration)}\n`,
  };
}

function mainTs(
  { rules, alertmanager, templates, credentials, settings, severities }: Migration,
  root: string,
): string {
  const loki = { retention: settings.retention, evaluationInterval: settings.evaluationInterval };
  const names = [...(alertmanager ? ['readAlertmanagerFile'] : []), ...(rules.length > 0 ? ['readRuleFiles'] : [])];
  const routing = [
    `config: readAlertmanagerFile(join(__dirname, 'alertmanager.yml'))`,
    ...(templates.length > 0
      ? [`templates: { ${templates.map(({ file }) => `'${file}': text('${file}')`).join(', ')} }`]
      : []),
  ];
  const lines = [
    ...(templates.length > 0 ? [`import { readFileSync } from 'node:fs';`] : []),
    ...(alertmanager ? [`import { join } from 'node:path';`] : []),
    `import { App } from 'cdk8s';`,
    `import { LogAlerting${names.map((name) => `, ${name}`).join('')} } from '${root}/lib';`,
    `import { HIGH_LOG_RATE, pipeline, RUNBOOK } from '${root}/rules';`,
    '',
    `/** Where people open Grafana. */`,
    `const links = { grafanaUrl: 'https://grafana.example.com' };`,
    ...(templates.length > 0
      ? [`const text = (file: string) => readFileSync(join(__dirname, 'templates', file), 'utf8');`]
      : []),
    '',
    `const app = new App();`,
    `new LogAlerting(app, 'log-alerting', {`,
    `  profile: 'single',`,
    `  ...links,`,
    `  alertmanagerUrl: 'https://alertmanager.example.com',`,
    `  // What the dashboard draws: an alert of yours, once there is one.`,
    `  rateAlert: HIGH_LOG_RATE,`,
    `  runbook: RUNBOOK,`,
    `  // Yours, and those on the log pipeline itself.`,
    `  rules: [${rules.length > 0 ? `...readRuleFiles('rules/*.yaml', __dirname), ` : ''}pipeline(links)],`,
    ...(severities ? [`  severities: ${JSON.stringify(severities).replaceAll('"', "'").replaceAll(',', ', ')},`] : []),
    ...(alertmanager ? [`  routing: { ${routing.join(', ')} },`] : [`  slack: { webhookSecret: 'slack-webhook' },`]),
    ...(credentials.length > 0 ? [`  alertmanager: { secrets: ['${CREDENTIALS}'] },`] : []),
    `  grafana: { adminSecret: 'grafana-admin' },`,
    ...(settings.retention || settings.evaluationInterval
      ? [
          `  loki: ${JSON.stringify(loki)
            .replace(/"(\w+)":/g, ' $1: ')
            .replaceAll('"', "'")
            .replace('}', ' }')},`,
        ]
      : []),
    `});`,
    `app.synth();`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a person must know, in Markdown. */
export function report(migration: Migration): string {
  const { rules, alertmanager, templates, credentials, settings, left } = migration;
  const count = rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length;
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [`## ${title}`, '', ...lines, ''] : [];
  return [
    ...section('Taken over', [
      ...rules.map(
        ({ name, groups }) => `- rules/${name}: ${groups.flatMap((group) => group.rules).length} of ${count} rules`,
      ),
      ...(alertmanager ? [`- alertmanager.yml: ${alertmanager.receivers.length} receivers, all routes`] : []),
      ...templates.map(({ file }) => `- templates/${file}`),
      ...Object.entries(settings).map(([name, value]) => `- loki.${name}: ${value}`),
    ]),
    ...section(
      'Credentials: none was written; make the Secret before the first apply',
      credentials.length === 0
        ? []
        : [
            '```sh',
            `kubectl -n logging create secret generic ${CREDENTIALS} \\`,
            credentials.map(({ key }) => `  --from-literal=${key}=…`).join(' \\\n'),
            '```',
            '',
            ...credentials.map(({ key, path }) => `- \`${key}\`: what stood in \`${path}\``),
          ],
    ),
    ...section('Changed', [
      ...(alertmanager
        ? [
            '- `match` and `match_re` are `matchers`; comments of alertmanager.yml are gone. Each alert goes where it went.',
          ]
        : []),
      '- The collector sets `namespace`, `app`, `pod`, `container`, `node_name`, `job` (`<namespace>/<app>`) and `stream`, and no other label: selectors and `by (…)` of rules must use these. The checks below name each rule that does not.',
      '- Loki 3.7 with an index of its own: what the old Loki holds stays there, and can be asked until its retention ends.',
    ]),
    ...section(
      'Not taken over',
      left.map((what) => `- ${what}`),
    ),
  ]
    .join('\n')
    .trimEnd();
}
