import { RE2JS } from 're2js';
import type { Diagnosis } from '../../checks/findings';
import { durationMs, goDurationNs } from '../../text/duration';
import { excerpt } from '../../text/excerpt';
import { urlProblem } from './go-url';
import { type Leaf, text } from './schema';

/** A Prometheus duration. */
export const prometheusDuration = text((value) =>
  durationMs(value) === undefined
    ? {
        problem: `invalid duration ${quote(value)}`,
        fix: 'use whole numbers with units, e.g. 30s, 5m or 1h30m',
      }
    : undefined,
);

/** A Prometheus duration longer than zero. */
export const interval = text((value) =>
  durationMs(value) === 0
    ? { problem: 'must be longer than 0', fix: 'use e.g. 5m' }
    : prometheusDuration.problem?.(value),
);

/** A Go duration; a bare number is in nanoseconds. */
export const goDuration = text((value) =>
  goDurationNs(value) !== undefined || (value !== '' && Number.isFinite(Number(value.replaceAll('_', ''))))
    ? undefined
    : { problem: `invalid duration ${quote(value)}`, fix: 'use e.g. 10s or 1m30s' },
);

/** A Go duration with units. */
export const goDurationText = text((value) =>
  goDurationNs(value) !== undefined
    ? undefined
    : { problem: `invalid duration ${quote(value)}`, fix: 'use e.g. 10s or 1m30s' },
);

/** An http or https URL. */
export const url = text((value) => urlProblem(value, ['http', 'https']));

/** A URL that may contain a credential. Alertmanager shows `<secret>` instead of one. */
export const secretUrl: Leaf<'string'> = {
  kind: 'string',
  secret: 'url',
  problem: (value) => (value === '<secret>' ? undefined : url.problem?.(value)),
};

/** Like `secretUrl`; Alertmanager parses it as a template when it starts. */
export const templateUrl: Leaf<'string'> = {
  ...secretUrl,
  template: 'load',
  problem: (value) => (value === '' || value.includes('{{') ? undefined : secretUrl.problem?.(value)),
};

/** A URL with any scheme or without one. */
export const proxyUrl = text((value) => urlProblem(value));

/** `host:port`. Upstream: `HostPort` in `config/config.go`, `net.SplitHostPort` of Go. */
export const hostPort = text((value) =>
  value === '' || /^([^[\]:]*|\[[^[\]]*\]):[^[\]:]+$/.test(value)
    ? undefined
    : { problem: `invalid address ${quote(value)}`, fix: 'use host:port, e.g. smtp.example.com:587' },
);

/** A label name: any UTF-8 text since Alertmanager 0.27. Lone surrogates are not valid UTF-8. */
export const labelName = text((value) =>
  value === '' || /\p{Surrogate}/u.test(value)
    ? { problem: `invalid label name ${quote(value)}`, fix: 'use any UTF-8 text' }
    : undefined,
);

/** Returns the problem of a label name in the deprecated `match` fields, which do not support UTF-8. */
export function classicLabelNameProblem(value: string): Diagnosis | undefined {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(value)
    ? undefined
    : { problem: `invalid label name ${quote(value)}`, fix: 'use letters, digits and _, or move it to matchers' };
}

/** A regular expression; it matches the whole value. */
export const regexp = text((value) => {
  try {
    RE2JS.compile(`^(?:${value})$`);
    return undefined;
  } catch (error) {
    return {
      problem: `invalid regular expression ${quote(value)}: ${(error as Error).message}`,
      fix: 'use the syntax of RE2',
    };
  }
});

/** One of the given words. */
export function oneOfWords(...words: readonly string[]): Leaf<'string'> {
  return text((value) =>
    words.includes(value)
      ? undefined
      : { problem: `unknown value ${quote(value)}`, fix: `use one of ${words.map(quote).join(', ')}` },
  );
}

/** Length of a value in a message, in characters: most URLs are shorter. */
const LONGEST = 80;

/** Quotes a value for a message. */
export function quote(value: string): string {
  return JSON.stringify(excerpt(value, LONGEST));
}
