import { readdirSync } from 'node:fs';
import { ProjectCopy } from './project';

test('the copy is synthesized into its own dist, regardless of where npm was called', async () => {
  const before = process.env.INIT_CWD;
  process.env.INIT_CWD = process.cwd();
  const project = new ProjectCopy();
  try {
    expect(await project.synth(new AbortController().signal)).toEqual({ code: 0, stderr: '' });
    expect(readdirSync(project.dist)).toEqual(readdirSync('dist'));
    project.addRuleFile("{ name: 'broken.yaml', groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'rate(' }] }] }");
    expect((await project.synth(new AbortController().signal)).stderr).toContain("alert 'A' in group 'g'");
  } finally {
    project.remove();
    if (before === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = before;
  }
});
