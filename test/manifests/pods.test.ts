import { DEPLOYED_IMAGES, images } from '../../lib/versions/images';
import { containers, type Manifest, workloads } from './kubernetes';
import { PRODUCTION, type SomeProps, synthObjects } from './synth';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** One of every kind of pod that there can be. */
const EVERYTHING: SomeProps[] = [
  { demo: { rate: 1 } },
  { collector: 'opentelemetry' },
  {
    ...PRODUCTION,
    profile: 'distributed',
    loki: {
      objectStorage: { endpoint: 'https://s3.example.com', region: 'a', bucket: 'logs', credentialsSecret: 'a' },
      caches: { chunks: { memory: '1Gi' }, results: { memory: '1Gi' } },
    },
  },
];

const everything = (options: SomeProps): Manifest[] =>
  EVERYTHING.flatMap((props) => synthObjects({ ...props, ...options }));

const imagesOf = (all: readonly Manifest[]) =>
  [...new Set(workloads(all).flatMap((workload) => containers(workload).map(({ image }) => image)))].sort();

test('every image that can be replaced is run by some pod', () => {
  expect(imagesOf(everything({}))).toEqual(DEPLOYED_IMAGES.map((name) => images[name]).sort());
});

test('every image comes from the registry that is named, by its own name there', () => {
  const mirrored = imagesOf(everything({ imageRegistry: 'registry.example.com:5000/mirror' }));

  expect(mirrored).toEqual(
    DEPLOYED_IMAGES.map((name) => images[name])
      .map((image) => `registry.example.com:5000/mirror/${image.includes('/') ? image : `library/${image}`}`)
      .sort(),
  );
});

test('every image can be given by digest, and is then taken as it stands', () => {
  const own = Object.fromEntries(DEPLOYED_IMAGES.map((name) => [name, `${images[name]}@${DIGEST}`]));

  expect(imagesOf(everything({ images: own, imageRegistry: 'registry.example.com' }))).toEqual(
    Object.values(own).sort(),
  );
});

test('every pod pulls with the Secrets that are named, and every one but the demo has the priority', () => {
  const all = workloads(everything({ imagePullSecrets: ['registry'], priorityClassName: 'observability' }));

  expect(all.map(({ spec }) => spec.template.spec)).toEqual(
    all.map(() => expect.objectContaining({ imagePullSecrets: [{ name: 'registry' }] })),
  );
  for (const { metadata, spec } of all) {
    const { priorityClassName } = spec.template.spec as { priorityClassName?: string };
    expect([metadata.name, priorityClassName]).toEqual([
      metadata.name,
      metadata.namespace === 'demo' ? undefined : 'observability',
    ]);
  }
});
