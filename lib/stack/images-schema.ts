import * as v from 'valibot';
import { optionsOf, wrong } from '../validate/validate';
import { DEPLOYED_IMAGES, type DeployedImage, type ImageSources, images } from '../versions/images';

/** Host and path before an image's name. @see https://github.com/distribution/reference */
const REGISTRY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Registry of all images. */
export const imageRegistry = v.pipe(
  v.string(),
  v.regex(
    REGISTRY,
    wrong('is not a valid registry', 'use a host and an optional path, e.g. registry.example.com/mirror'),
  ),
);

const image = v.optional(
  v.pipe(
    v.string(),
    v.check(
      (text) => {
        const { name, tag } = parts(text);
        return REGISTRY.test(name) && (tag === undefined || TAG.test(tag));
      },
      wrong('is not a valid image', `use a name and a tag, e.g. ${images.loki}`),
    ),
    v.check(
      (text) => {
        const { digest } = parts(text);
        return digest === undefined || DIGEST.test(digest);
      },
      wrong('has no valid digest after the @', 'use sha256: and 64 hexadecimal digits, in lower case'),
    ),
    v.check(
      (text) => {
        const { tag, digest } = parts(text);
        return tag !== 'latest' && (tag ?? digest) !== undefined;
      },
      wrong('has no version', `use a tag other than latest, a digest, or both, e.g. ${images.loki}@sha256:…`),
    ),
  ),
);

function parts(text: string): { readonly name: string; readonly tag?: string; readonly digest?: string } {
  const [, name = '', tag, digest] = /^(.*?)(?::([^:/@]*))?(?:@(.*))?$/.exec(text) ?? [];
  return { name, tag, digest };
}

/** References that replace images, each with a version. */
export const ownImages = optionsOf<NonNullable<ImageSources['images']>>()(
  Object.fromEntries(DEPLOYED_IMAGES.map((name) => [name, image])) as Record<DeployedImage, typeof image>,
);
