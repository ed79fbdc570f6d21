import * as v from 'valibot';
import { type Diagnosis, type Finding, finding, formatMessage, type Path } from '../checks/findings';
import { didYouMean } from '../text/did-you-mean';
import { durationMs } from '../text/duration';
import type { Flat, Refused, SchemaOf, Tied } from './schema-of';

/** Kubernetes quantities in their common forms: `500m`, `1Gi`, `0.5`, `128974848`. */
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** RFC 1123 label, the form of a namespace's name. */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 1123 subdomain, the form of most objects' names, and of a host. */
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Separates the problem from the fix: an issue of valibot has only one text. */
const SEPARATOR = '\0';

/** Returns the message of a check in a schema, with its problem and fix. */
export function wrong(problem: string, fix: string): string {
  return `${problem}${SEPARATOR}${fix}`;
}

/** Returns the problem and the fix of such a message. */
export function diagnosisOf(message: string): Diagnosis {
  const [problem = '', fix] = message.split(SEPARATOR);
  return { problem, fix };
}

/** A Prometheus duration longer than zero: `5m`, `1h30m`. */
export const duration = v.pipe(
  v.string(),
  v.check(
    (text) => durationMs(text) !== undefined,
    wrong('is not a valid duration', 'use whole numbers with units, e.g. "30s" or "1h30m"'),
  ),
  v.check((text) => durationMs(text) !== 0, wrong('is not longer than 0', 'use e.g. "30s"')),
);

export const quantity = v.pipe(
  v.string(),
  v.check(
    (text) => QUANTITY.test(text) && Number.parseFloat(text) > 0,
    ({ input }) => wrong('is not a valid Kubernetes quantity', `use ${quantityLike(input)}`),
  ),
);

/** Returns the quantity that a size such as `50GB` or `512 MiB` means, or examples. */
function quantityLike(text: string): string {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgtpe])i?b?\s*$/i.exec(text) ?? [];
  return unit === undefined ? 'e.g. 5Gi, 500Mi or 250m' : `${number}${unit.toUpperCase()}i`;
}

/** Quantity of memory or disk. `m`, the unit of CPUs, would be thousandths of a byte: `512m` is meant to be `512Mi`. */
export const bytes = v.pipe(
  quantity,
  v.check((text) => !text.endsWith('m'), wrong('is in thousandths of a byte', 'use Mi, e.g. 512Mi')),
);

/** Quantity of CPU: cores or thousandths of one. */
export const cpu = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d+(\.\d+)?$|^\d+m$/.test(text) && Number.parseFloat(text) > 0,
    wrong('is not a valid CPU quantity', 'use cores or thousandths of one, e.g. 0.5 or 250m'),
  ),
);

export const portNumber = v.pipe(
  v.number(),
  v.check(
    (number) => Number.isInteger(number) && number > 0 && number < 65_536,
    wrong('is not a valid TCP port', 'use a whole number from 1 to 65535'),
  ),
);

export const namespaceName = v.pipe(
  v.string(),
  v.regex(
    DNS_LABEL,
    wrong(
      'is not a valid name of a namespace',
      'use up to 63 of a-z, 0-9 and -, starting and ending with a letter or digit',
    ),
  ),
);

export const objectName = v.pipe(
  v.string(),
  v.regex(
    DNS_SUBDOMAIN,
    wrong(
      'is not a valid name of a Kubernetes object',
      'use a-z, 0-9, - and ., starting and ending with a letter or digit',
    ),
  ),
);

export const hostName = v.pipe(
  v.string(),
  v.check(
    (text) => DNS_SUBDOMAIN.test(text) && text.includes('.'),
    wrong('is not a valid host name', 'use it without https:// and port, e.g. grafana.example.com'),
  ),
);

export const httpUrl = v.pipe(
  v.string(),
  v.check(
    (text) => URL.canParse(text) && /^https?:\/\/\S+$/.test(text),
    wrong('is not a valid URL', 'use http:// or https:// and a host'),
  ),
  // Not `check`, whose message would show the password.
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || !URL.canParse(dataset.value)) return;
    const { username, password } = new URL(dataset.value);
    if (username || password)
      addIssue({ message: wrong('contains a user name or password, and dist is committed', 'remove them') });
  }),
);

export const positiveInteger = v.pipe(
  v.number(),
  v.check((number) => Number.isInteger(number) && number > 0, wrong('is not a whole number above 0', 'use e.g. 1')),
);

/** An option that is always refused. The message does not show the value, which may be a credential. */
export function refused(message: string): Refused {
  const schema = v.pipe(
    v.optional(
      v.pipe(
        v.unknown(),
        v.rawCheck(({ addIssue }) => addIssue({ message })),
      ),
    ),
  );
  return { ...schema, refused: true };
}

type Schemas = Readonly<Record<string, v.GenericSchema>>;

/** An object with these keys; every other one is reported. */
function closedObject(entries: Schemas): v.GenericSchema {
  // Refused options only have a schema for their error.
  const known = Object.keys(entries).filter((key) => !('refused' in (entries[key] ?? {})));
  return v.pipe(
    v.looseObject(entries, ({ input }) =>
      input === undefined ? 'is missing' : `expected options, got ${shown(input)}`,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value as Record<string, unknown>;
      if (typeof input !== 'object' || input === null) return;
      for (const key of Object.keys(input).filter((name) => !Object.hasOwn(entries, name))) {
        addIssue({
          message: wrong('is not an option', `use one of ${known.join(', ')}${didYouMean(key, known)}`),
          path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
        });
      }
    }),
  );
}

/** Schemas of the props of an interface. A missing schema, or one that accepts another type, does not compile. */
export function entriesOf<T>() {
  return <const Entries extends Schemas>(entries: Entries & SchemaOf<T> & Tied<T, Entries>): Entries => entries;
}

/** Schema of an object with exactly the props of an interface, see `entriesOf`. */
export function optionsOf<T>() {
  return <const Entries extends Schemas>(entries: Entries & SchemaOf<T> & Tied<T, Entries>) =>
    schemaAs<Flat<T>>(closedObject(entries));
}

/** Gives a schema a type that schemas cannot express or that other checks cover. */
export function schemaAs<T>(schema: v.GenericSchema): v.GenericSchema<T> {
  return schema as v.GenericSchema<T>;
}

/**
 * Returns findings for all wrong types and values, and for missing and unknown options, with a suggestion for similar
 * names.
 */
export function checkOptions(schema: v.GenericSchema, value: unknown): Finding[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => {
    const path: Path = (issue.path ?? []).map(({ key }) => key as string | number);
    const name = v.getDotPath(issue) ?? '(all)';
    return finding('option', { path, subject: `option '${name}'`, ...described(name, issue) });
  });
}

/**
 * Checks the props of a function.
 * @throws Error with all findings
 */
export function assertOptions(name: string, schema: v.GenericSchema, props: unknown): void {
  const findings = checkOptions(schema, props);
  if (findings.length === 0) return;
  const lines = findings.map((found) => {
    const subject = found.path.length > 0 ? found.subject : undefined;
    return `  ${name}: ${formatMessage({ ...found, subject })}`;
  });
  throw new Error(`Validation failed with the following errors:\n${lines.join('\n')}`);
}

/** Options that take the name of a Secret. A credential given by mistake must not be shown in a CI log. */
const NAMES_SECRET = /secrets?(\.\d+)?$/i;

function described(name: string, issue: v.BaseIssue<unknown>): Pick<Finding, 'problem' | 'fix'> {
  const { problem: message, fix } = diagnosisOf(issue.message);
  if (issue.type === 'loose_object' || issue.type === 'raw_check') return { problem: message, fix };
  const secret = typeof issue.input === 'string' && NAMES_SECRET.test(name);
  const given = secret ? 'the text' : shown(issue.input);
  if (issue.kind !== 'validation') return { problem: `expected ${issue.expected}, got ${given}`, fix };
  if (secret) {
    return { problem: `${given} ${message}`, fix: 'put the credential in a Secret and give its name here' };
  }
  // Objects are not shown: they can be long.
  return { problem: typeof issue.input === 'object' ? message : `${given} ${message}`, fix };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
