/*
 * Types are tests here: `npm run lint` compiles them, and reports a `@ts-expect-error` whose next line compiles.
 */
import * as v from 'valibot';
import { entriesOf, optionsOf, refused, schemaAs } from '../../lib/validate/validate';

interface Props {
  readonly host: string;
  readonly replicas?: number;
  readonly zones?: readonly string[];
  readonly kind?: 'a' | 'b';
  readonly annotations?: Readonly<Record<string, string>>;
}

const SCHEMAS = {
  host: v.string(),
  replicas: v.optional(v.number()),
  zones: v.optional(v.array(v.string())),
  kind: v.optional(v.picklist(['a', 'b'])),
  annotations: v.optional(v.record(v.string(), v.string())),
};

/** Each prop has a schema. */
optionsOf<Props>()(SCHEMAS) satisfies v.GenericSchema<Props>;

/** A refused option needs no prop. */
optionsOf<Props>()({ ...SCHEMAS, size: refused('is called replicas') });

// @ts-expect-error a prop without a schema
optionsOf<Props & { readonly more?: string }>()(SCHEMAS);

// @ts-expect-error a schema without a prop
optionsOf<Props>()({ ...SCHEMAS, more: v.optional(v.string()) });

// @ts-expect-error a schema without a prop, in entries that several schemas share
entriesOf<Props>()({ ...SCHEMAS, more: v.optional(v.string()) });

// @ts-expect-error an optional prop whose schema requires it
optionsOf<Props>()({ ...SCHEMAS, replicas: v.number() });

// @ts-expect-error a required prop whose schema does not
optionsOf<Props>()({ ...SCHEMAS, host: v.optional(v.string()) });

// @ts-expect-error another type
optionsOf<Props>()({ ...SCHEMAS, replicas: v.optional(v.string()) });

// @ts-expect-error a schema that accepts less than the type
optionsOf<Props>()({ ...SCHEMAS, kind: v.optional(v.picklist(['a'])) });

// @ts-expect-error a schema that accepts more than the type
optionsOf<Props>()({ ...SCHEMAS, kind: v.optional(v.picklist(['a', 'b', 'c'])) });

// @ts-expect-error items of another type
optionsOf<Props>()({ ...SCHEMAS, zones: v.optional(v.array(v.number())) });

interface Outer {
  readonly inner?: Props;
}

optionsOf<Outer>()({ inner: v.optional(optionsOf<Props>()(SCHEMAS)) });

// @ts-expect-error a nested prop without a schema
optionsOf<Outer>()({ inner: v.optional(v.object({ host: v.string() })) });

/** Types that schemas cannot express are given explicitly. */
optionsOf<Outer>()({ inner: v.optional(schemaAs<Props>(v.looseObject({}))) });
