import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineNames, engineSpecs } from '../../lib/engines/engine';

/** Versions in go.mod; Prometheus counts its Go module as v0.312.0 what it calls 3.12.0. */
const goVersion = (name: string, version: string) => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return name === 'promtool' ? `v0.${major * 100 + minor}.${patch}` : `v${version}`;
};

test.each(engineNames)('%s is built in the version that its go.mod pins', (name) => {
  const { go } = engineSpecs[name];
  const goMod = readFileSync(join(__dirname, '../../lib/engines/go', go.module, 'go.mod'), 'utf8');
  const required = [...goMod.matchAll(/^\t(\S+) (v\S+)/gm)].find(([, module]) => go.package.startsWith(`${module}/`));

  expect(goMod).toMatch(new RegExp(`^(tool |\\t)${go.package}$`, 'm'));
  expect(required?.[2]).toBe(goVersion(name, go.version));
});

// Promtail's last image is older than its last source.
test.each(engineNames.filter((name) => name !== 'promtail'))('%s is built in the version of its image', (name) => {
  const { docker, go } = engineSpecs[name];

  expect(docker.image.split(':')[1]?.replace(/^v/, '')).toBe(go.version);
});
