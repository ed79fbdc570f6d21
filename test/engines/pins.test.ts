import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineNames, engineSpecs } from '../../lib/engines/engine';

/** Versions in go.mod. The Go module of Prometheus 3.12.0 is v0.312.0; MinIO's only has commits. */
const goVersion = (name: string, version: string) => {
  if (name === 'minio') return expect.stringContaining(`v0.0.0-${version.replace(/\D/g, '')}-`);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return name === 'promtool' ? `v0.${major * 100 + minor}.${patch}` : `v${version}`;
};

test.each(engineNames)('%s is built from the version in its go.mod', (name) => {
  const { go } = engineSpecs[name];
  const goMod = readFileSync(join(__dirname, '../../engines', go.module, 'go.mod'), 'utf8');
  // The collector's main package is in the folder of its go.mod, not in another module.
  const source = name === 'otelcol' ? 'go.opentelemetry.io/collector/otelcol' : go.package;
  const required = [...goMod.matchAll(/^\t(\S+) (v\S+)/gm)].find(([, module]) => `${source}/`.startsWith(`${module}/`));

  if (source === go.package) expect(goMod).toMatch(new RegExp(`^(tool |\\t)${go.package}$`, 'm'));
  expect(required?.[2]).toEqual(goVersion(name, go.version));
});

// The last images of Promtail and MinIO are older than their source.
test.each(engineNames.filter((name) => !['promtail', 'minio'].includes(name)))(
  '%s has the same version in Go and Docker',
  (name) => {
    const { docker, go } = engineSpecs[name];

    expect(docker.image.split(':')[1]?.replace(/^v/, '')).toBe(go.version);
  },
);
