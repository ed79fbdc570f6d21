import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEMO, readFolder, synthMain } from '../manifests/synth';
import { ProjectCopy } from './project';

test('the copy is synthesized into its own dist, regardless of where npm was called', async () => {
  const before = process.env.INIT_CWD;
  process.env.INIT_CWD = process.cwd();
  const project = new ProjectCopy(resolve(__dirname, '../..', DEMO));
  try {
    project.addRuleFile(
      "{ name: 'added.yaml', groups: [{ name: 'g', rules: [{ alert: 'Added', expr: 'vector(1) > 0' }] }] }",
    );
    expect(await project.synth(new AbortController().signal)).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(project.dist)).toEqual(Object.keys(synthMain(DEMO)));
    expect(Object.values(readFolder(project.dist)).join()).toContain('alert: Added');
    project.remove();
    expect((await project.synth(new AbortController().signal)).stderr).toContain(project.folder);
  } finally {
    project.remove();
    if (before === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = before;
  }
});
