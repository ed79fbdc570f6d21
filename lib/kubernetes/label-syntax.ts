import * as v from 'valibot';
import { wrong } from '../validate/validate';

/** A name of up to 63 characters, optionally prefixed with a DNS subdomain and a slash. */
const KEY =
  /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

const VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

/**
 * Schema of the key of a label, an annotation or a taint.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
export const labelKey = v.pipe(
  v.string(),
  v.regex(
    KEY,
    wrong(
      'is not a valid key',
      'use up to 63 of A-Z, a-z, 0-9, -, _ and ., starting and ending with a letter or digit, optionally after a domain and a slash, e.g. example.com/team',
    ),
  ),
);

/** Schema of the value of a label or a taint. */
export const labelValue = v.pipe(
  v.string(),
  v.regex(
    VALUE,
    wrong(
      'is not a valid label value',
      'use up to 63 of A-Z, a-z, 0-9, -, _ and ., starting and ending with a letter or digit',
    ),
  ),
);

/** True for a valid value of a label. */
export function isLabelValue(text: string): boolean {
  return VALUE.test(text);
}
