import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { images } from '../../lib/versions/images';
import { PROPS } from '../manifests/synth';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

test.each<[string, object, RegExp]>([
  [
    'an image without a version',
    { images: { loki: 'a.example.com/loki' } },
    /^option 'images.loki': .* has no version/,
  ],
  ['the tag latest', { images: { loki: 'grafana/loki:latest' } }, /^option 'images.loki': .* has no version/],
  [
    'an invalid digest',
    { images: { loki: `${images.loki}@sha256:abc` } },
    /^option 'images.loki': .* has no valid digest after the @: use sha256: and 64 hexadecimal digits/,
  ],
  [
    'a digest that is too long',
    { images: { loki: `grafana/loki@sha256:${'a'.repeat(65)}` } },
    /^option 'images.loki': .* has no valid digest after the @/,
  ],
  [
    'an image in capitals',
    { images: { loki: 'Grafana/loki:3' } },
    /^option 'images\.loki': "Grafana\/loki:3" is not a valid image: use a name and a tag, e\.g\. grafana\/loki:[\d.]+$/,
  ],
  [
    'an unknown image',
    { images: { lokki: 'a:1' } },
    /^option 'images\.lokki': is not an option: use one of loki, promtail, openTelemetryCollector, alertmanager, grafana, nginx, curl, memcached; did you mean 'loki'\?$/,
  ],
  [
    'a registry with a scheme',
    { imageRegistry: 'https://registry.example.com' },
    /^option 'imageRegistry': "https:\/\/registry\.example\.com" is not a valid registry: use a host and an optional path, e\.g\. registry\.example\.com\/mirror$/,
  ],
])('rejects %s', (_, instead, message) => {
  expect(found(instead)).toEqual([expect.stringMatching(message)]);
});
