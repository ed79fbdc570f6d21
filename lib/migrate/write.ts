import { toYaml } from '../alertmanager/config/write';
import { ruleFileToYaml } from '../rules/write';
import { mainTs } from './main-ts';
import type { Migration } from './moved';
import { report } from './report';

/** Returns the texts of the app's files by name. */
export function appFiles(migration: Migration): Record<string, string> {
  const { rules, alertmanager, templates } = migration;
  return {
    ...Object.fromEntries(rules.map((file) => [`rules/${file.name}`, ruleFileToYaml(file)])),
    ...(alertmanager ? { 'alertmanager.yml': toYaml(alertmanager) } : {}),
    ...Object.fromEntries(templates.map(({ file, text }) => [`templates/${file}`, text])),
    'main.ts': mainTs(migration),
    'cdk8s.yaml': 'language: typescript\napp: node --import tsx main.ts\noutput: dist\n',
    'MOVING.md': `# Migration report\n\n${report(migration)}\n`,
  };
}
