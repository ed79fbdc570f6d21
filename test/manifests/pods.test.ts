import { DEPLOYED_IMAGES, images } from '../../lib/versions/images';
import { containers, type Manifest, workloads } from './kubernetes';
import { PRODUCTION, type SomeProps, synthObjects } from './synth';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Stacks that together have every kind of pod. */
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

test('some pod runs each image that can be replaced', () => {
  expect(imagesOf(everything({}))).toEqual(DEPLOYED_IMAGES.map((name) => images[name]).sort());
});

test('every image is pulled from imageRegistry by its own name', () => {
  const mirrored = imagesOf(everything({ imageRegistry: 'registry.example.com:5000/mirror' }));

  expect(mirrored).toEqual(
    DEPLOYED_IMAGES.map((name) => images[name])
      .map((image) => `registry.example.com:5000/mirror/${image.includes('/') ? image : `library/${image}`}`)
      .sort(),
  );
});

test('images replaces every reference as it is', () => {
  const own = Object.fromEntries(DEPLOYED_IMAGES.map((name) => [name, `${images[name]}@${DIGEST}`]));

  expect(imagesOf(everything({ images: own, imageRegistry: 'registry.example.com' }))).toEqual(
    Object.values(own).sort(),
  );
});

test('every pod has imagePullSecrets, and every pod but the demo has priorityClassName', () => {
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
