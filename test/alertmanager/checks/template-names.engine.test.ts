import { readFileSync } from 'node:fs';
import { alertmanagerTemplates } from '../../../lib/alertmanager/checks/template-names';
import { findEngine, run } from '../../../lib/engines';
import { withFiles } from '../amtool';

test('the template names are those in the binary of Alertmanager', async () => {
  const { path, version } = await findEngine('alertmanager');
  const names = readFileSync(path, 'latin1').matchAll(/\{\{-? *define "([^"]+)"/g);
  // The others are from the library for its command line.
  const found = [...names].map(([, name = '']) => name).filter((name) => /\.default\.|^__/.test(name));

  expect([...new Set(found)].sort()).toEqual(alertmanagerTemplates(version).sort());
});

test('an undefined template fails to render; a template that is a whole file does not', async () => {
  const amtool = await findEngine('amtool');
  const render = (name: string) =>
    withFiles(['from a file'], (cwd) =>
      run(amtool, ['template', 'render', '--template.glob=*.yml', `--template.text={{ template "${name}" . }}`], {
        cwd,
      }),
    );

  expect(await render('nope')).toMatchObject({ code: 1, stderr: expect.stringContaining('"nope" not defined') });
  expect(await render('0.yml')).toMatchObject({ code: 0, stdout: expect.stringContaining('from a file') });
});
