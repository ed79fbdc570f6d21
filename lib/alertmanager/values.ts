import { RE2JS } from 're2js';
import { parseDuration } from '../rules/duration';
import { urlProblem } from './go-url';
import { type Leaf, text } from './schema';

/** A duration of Prometheus' form. */
export const duration = text((value) =>
  parseDuration(value) === undefined
    ? `${quote(value)} is no duration: write whole numbers with units from large to small, for instance 30s, 5m or 1h30m`
    : undefined,
);

/** As `duration`, and not zero. */
export const interval = text((value) =>
  parseDuration(value) === 0 ? 'cannot be zero: write for instance 5m' : duration.problem?.(value),
);

/** Sign, and then numbers with units, or a bare zero. Upstream: `time.ParseDuration` of Go. */
const GO_DURATION = /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;

/** A duration of Go's form; a bare number is nanoseconds. */
export const goDuration = text((value) =>
  GO_DURATION.test(value) || (value !== '' && Number.isFinite(Number(value.replaceAll('_', ''))))
    ? undefined
    : `${quote(value)} is no duration: write for instance 10s or 1m30s`,
);

/** As `goDuration`, but without bare numbers. */
export const goDurationText = text((value) =>
  GO_DURATION.test(value) ? undefined : `${quote(value)} is no duration: write for instance 10s or 1m30s`,
);

/** An http or https URL. */
export const url = text((value) => urlProblem(value, ['http', 'https']));

/** A URL that may hold a credential. `<secret>` is what Alertmanager shows instead of one. */
export const secretUrl: Leaf<'string'> = {
  kind: 'string',
  secret: 'url',
  problem: (value) => (value === '<secret>' ? undefined : url.problem?.(value)),
};

/** As `secretUrl`, and Alertmanager parses it as a template when it starts. */
export const templateUrl: Leaf<'string'> = {
  ...secretUrl,
  template: 'load',
  problem: (value) => (value === '' || value.includes('{{') ? undefined : secretUrl.problem?.(value)),
};

/** A URL of any scheme, or none. */
export const proxyUrl = text((value) => urlProblem(value));

/** `host:port`. Upstream: `HostPort` in `config/config.go`, `net.SplitHostPort` of Go. */
export const hostPort = text((value) =>
  value === '' || /^([^[\]:]*|\[[^[\]]*\]):[^[\]:]+$/.test(value)
    ? undefined
    : `${quote(value)} is no address: write host:port, for instance smtp.example.com:587`,
);

/** A label name: any UTF-8 text since Alertmanager 0.27. Lone surrogates are none. */
export const labelName = text((value) =>
  value === '' || /\p{Surrogate}/u.test(value) ? `${quote(value)} is no label name` : undefined,
);

/** A label name of the form that the deprecated `match` fields take. */
export function classicLabelNameProblem(value: string): string | undefined {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(value)
    ? undefined
    : `${quote(value)} is no label name here: use letters, digits and _, or move it to matchers`;
}

/** A regular expression; it matches the whole value. */
export const regexp = text((value) => {
  try {
    RE2JS.compile(`^(?:${value})$`);
    return undefined;
  } catch (error) {
    return `${quote(value)} is no RE2 regular expression: ${(error as Error).message}`;
  }
});

/** One of a few words. */
export function oneOf(...words: readonly string[]): Leaf<'string'> {
  return text((value) =>
    words.includes(value) ? undefined : `${quote(value)} is not one of ${words.map(quote).join(', ')}`,
  );
}

export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
