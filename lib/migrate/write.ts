import { toYaml } from '../alertmanager/config/write';
import { ruleFileToYaml } from '../rules/write';
import { mainTs } from './main-ts';
import type { Migration } from './moved';
import { APP_COMMAND, type ProjectProps, projectFiles } from './project';
import { report } from './report';

const SETUP = '[MOVING.md](MOVING.md) lists the Secrets to create first, and what is left to do.\n';

/** npm project of an app that is not in the folder of another one. */
export type OwnProject = Pick<ProjectProps, 'name' | 'library'>;

/**
 * Returns the texts of the app's files by name.
 * @param project its npm project @default none, the folder is in that of another one
 */
export function appFiles(migration: Migration, project?: OwnProject): Record<string, string> {
  const { rules, alertmanager, templates } = migration;
  return {
    'cdk8s.yaml': `language: typescript\napp: ${APP_COMMAND}\noutput: dist\n`,
    ...(project ? projectFiles({ ...project, setup: SETUP, usesNode: templates.length > 0 }) : {}),
    ...Object.fromEntries(rules.map((file) => [`rules/${file.name}`, ruleFileToYaml(file)])),
    ...(alertmanager ? { 'alertmanager.yml': toYaml(alertmanager) } : {}),
    ...Object.fromEntries(templates.map(({ file, text }) => [`templates/${file}`, text])),
    'main.ts': mainTs(migration),
    'MOVING.md': `# Migration report\n\n${report(migration)}\n`,
  };
}
