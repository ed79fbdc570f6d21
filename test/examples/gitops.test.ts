import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { released, tried } from '../../examples/gitops/rules';
import { parse as parseAll } from '../manifests/synth';

const root = join(__dirname, '../..');
const folder = join(root, 'examples/gitops');
const ENVIRONMENTS = ['staging', 'production'];
const links = { grafanaUrl: 'https://grafana.example.com' };

const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');

test.each(ENVIRONMENTS)('applies every file of the dist of %s', (environment) => {
  const { resources } = parse(read(environment, 'kustomization.yaml'));

  expect(resources).toEqual(readdirSync(join(folder, environment, 'dist')).map((file) => `dist/${file}`));
});

test('Argo CD and Flux apply the folders of the environments', () => {
  const [set] = parseAll(read('argocd', 'applications.yaml'));
  // biome-ignore lint/suspicious/noExplicitAny: there are no types for Argo CD's resources.
  const { generators, template } = (set as any).spec;
  const paths = generators[0].list.elements.map(({ environment }: { environment: string }) =>
    template.spec.source.path.replace('{{ .environment }}', environment),
  );
  const ofFlux = ENVIRONMENTS.map((environment) => {
    const [, kustomization] = parseAll(read('flux', `${environment}.yaml`));
    // biome-ignore lint/suspicious/noExplicitAny: there are no types for Flux's resources.
    return (kustomization as any).spec.path.replace(/^\.\//, '');
  });

  expect(paths).toEqual(ENVIRONMENTS.map((environment) => `examples/gitops/${environment}`));
  expect(ofFlux).toEqual(paths);
  for (const path of paths) expect(existsSync(join(root, path, 'kustomization.yaml'))).toBe(true);
});

test('staging has every rule file of production, under the same name', () => {
  const names = tried(links).map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(released(links).map(({ name }) => name)));
  expect(new Set(names).size).toBe(names.length);
});
