import { SEVERITIES } from '../stack/resolve';
import {
  ALERTMANAGER_URL,
  GRAFANA_ADMIN,
  GRAFANA_URL,
  mountedSecrets,
  PIPELINE_NAMESPACES,
  SLACK_WEBHOOK,
} from './app';
import type { Moved } from './moved';

/** Line width of the project's formatter. */
const LINE_WIDTH = 120;

/**
 * Returns main.ts of the app, formatted as by the project's formatter, with the props of `readApp`. Its paths are relative
 * to the working directory, in which cdk8s runs it: ES modules have no `__dirname`.
 */
export function mainTs(moved: Moved): string {
  const { rules, alertmanager, templates, settings, severities } = moved;
  const { storageClassName, limits, ...others } = settings;
  const loki = [...options(others), ...(limits ? object('limits', options(limits)) : [])];
  const names = [...(alertmanager ? ['readAlertmanagerFile'] : []), ...(rules.length > 0 ? ['readRuleFiles'] : [])];
  const secrets = mountedSecrets(moved);
  const routing = [
    `config: readAlertmanagerFile('alertmanager.yml'),`,
    ...(templates.length > 0
      ? object(
          'templates',
          templates.map(({ file }) => `${quote(file)}: text(${quote(file)}),`),
        )
      : []),
  ];
  const lines = [
    ...(templates.length > 0 ? [`import { readFileSync } from 'node:fs';`] : []),
    `import { App } from 'cdk8s';`,
    `import { LogAlerting${names.map((name) => `, ${name}`).join('')} } from 'loki-alerts';`,
    `import { pipeline, RUNBOOK } from 'loki-alerts/rules';`,
    '',
    `/** Address at which users open Grafana. */`,
    `const links = { grafanaUrl: '${GRAFANA_URL}' };`,
    ...(templates.length > 0 ? [`const text = (file: string) => readFileSync(\`templates/\${file}\`, 'utf8');`] : []),
    '',
    `const app = new App();`,
    `new LogAlerting(app, 'log-alerting', {`,
    ...[
      `profile: 'single',`,
      `...links,`,
      `alertmanagerUrl: '${ALERTMANAGER_URL}',`,
      `runbook: RUNBOOK,`,
      `// Your rules, and those on the log pipeline itself.`,
      ...list(
        'rules',
        [
          ...(rules.length > 0 ? [`...readRuleFiles('rules/*.yaml')`] : []),
          `pipeline({ ...links, namespaces: [${PIPELINE_NAMESPACES.map(quote).join(', ')}] })`,
        ],
        2,
      ),
      ...(severities.length > 0 ? list('severities', [...SEVERITIES, ...severities].map(quote), 2) : []),
      ...(alertmanager ? object('routing', routing) : [`slack: { webhookSecret: '${SLACK_WEBHOOK}' },`]),
      ...(secrets.length > 0 ? object('alertmanager', list('secrets', secrets.map(quote), 4)) : []),
      `grafana: { adminSecret: '${GRAFANA_ADMIN}' },`,
      ...(loki.length > 0 ? object('loki', loki) : []),
      ...(storageClassName ? [`storageClassName: ${quote(storageClassName)},`] : []),
    ].map((line) => `  ${line}`),
    `});`,
    `app.synth();`,
  ];
  return `${lines.join('\n')}\n`;
}

function options(values: object): string[] {
  return Object.entries(values).map(([name, value]) => `${name}: ${typeof value === 'string' ? quote(value) : value},`);
}

/** The formatter keeps an object on several lines, even a short one. */
function object(name: string, fields: readonly string[]): string[] {
  return [`${name}: {`, ...fields.map((line) => `  ${line}`), '},'];
}

/** The formatter puts a list on one line if it fits. @param depth indentation of the line, in spaces */
function list(name: string, items: readonly string[], depth: number): string[] {
  const line = `${name}: [${items.join(', ')}],`;
  if (depth + line.length <= LINE_WIDTH) return [line];
  return [`${name}: [`, ...items.map((item) => `  ${item},`), '],'];
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
