import { toYaml } from '../alertmanager/config/write';
import { ruleFileToYaml } from '../rules/write';
import { mainTs } from './main-ts';
import type { Migration } from './moved';
import { report } from './report';

/** File name to text of an app that runs what was migrated. It finds this project's libraries from anywhere within it. */
export function appFiles(migration: Migration): Record<string, string> {
  const { rules, alertmanager, templates } = migration;
  return {
    ...Object.fromEntries(rules.map((file) => [`rules/${file.name}`, ruleFileToYaml(file)])),
    ...(alertmanager ? { 'alertmanager.yml': toYaml(alertmanager) } : {}),
    ...Object.fromEntries(templates.map(({ file, text }) => [`templates/${file}`, text])),
    'main.ts': mainTs(migration),
    'cdk8s.yaml': 'language: typescript\napp: node -r loki-alerts/run main.ts\noutput: dist\n',
    'MOVING.md': `# What was moved, and what is left to do\n\n${report(migration)}\n`,
  };
}
