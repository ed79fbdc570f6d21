import { NewProject } from './new-project';

const project = new NewProject();
afterAll(() => project.remove());

test('the rule test of a new app passes on the real engines', async () => {
  await project.init();
  expect(project.synth()).toMatchObject({ status: 0 });
  const { status, stdout } = await project.verify();

  expect(stdout).toMatch(/^no problems in .*\n✓ .*\n✓ .*\n2 tests passed/);
  expect(status).toBe(0);
});
