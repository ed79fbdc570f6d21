import * as v from 'valibot';
import { wrong } from '../validate/validate';

/** A name of up to 63 characters, after a DNS subdomain and a slash or alone. */
const KEY =
  /^((?=[^/]{1,253}\/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;

const VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** Key of a label, an annotation or a taint. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
export const labelKey = v.pipe(
  v.string(),
  v.regex(
    KEY,
    wrong(
      'is not a valid key',
      'use up to 63 of A-Z, a-z, 0-9, -, _ and ., the first and last a letter or digit, after a domain and a slash if need be, as in example.com/team',
    ),
  ),
);

/** Value of a label or a taint. */
export const labelValue = v.pipe(
  v.string(),
  v.regex(
    VALUE,
    wrong(
      'is not a valid value of a label',
      'use up to 63 of A-Z, a-z, 0-9, -, _ and ., the first and last a letter or digit',
    ),
  ),
);
