import * as v from 'valibot';
import { credentialNamed } from '../credentials';
import { objectName, optionsOf, quantity } from '../validate/validate';
import type { EnvVar, EnvVarSource, KeySelector } from './pod-fields';

const keyOf = optionsOf<KeySelector>()({
  name: objectName,
  key: v.string(),
  optional: v.optional(v.boolean()),
});

const variable = v.pipe(
  optionsOf<EnvVar>()({
    name: v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z_][A-Za-z0-9_]*$/,
        'is not a valid variable name: use A-Z, a-z, 0-9 and _, not starting with a digit',
      ),
    ),
    value: v.optional(v.string()),
    valueFrom: v.optional(
      v.pipe(
        optionsOf<EnvVarSource>()({
          secretKeyRef: v.optional(keyOf),
          configMapKeyRef: v.optional(keyOf),
          fieldRef: v.optional(
            optionsOf<NonNullable<EnvVarSource['fieldRef']>>()({
              fieldPath: v.string(),
              apiVersion: v.optional(v.string()),
            }),
          ),
          resourceFieldRef: v.optional(
            optionsOf<NonNullable<EnvVarSource['resourceFieldRef']>>()({
              resource: v.string(),
              containerName: v.optional(v.string()),
              divisor: v.optional(quantity),
            }),
          ),
        }),
        v.check(
          (sources) => Object.values(sources).filter((source) => source !== undefined).length === 1,
          'requires exactly one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef',
        ),
      ),
    ),
  }),
  v.check(
    ({ value, valueFrom }) => (value === undefined) !== (valueFrom === undefined),
    'requires exactly one of value and valueFrom',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { name, value } = dataset.value;
    if (value === undefined || credentialNamed(name, value) === undefined) return;
    addIssue({
      message:
        'contains a credential, which would be committed in dist: put it in a Secret and use valueFrom: { secretKeyRef: { name, key } } instead of value',
    });
  }),
);

/** Schema of environment variables in addition to those of a component. */
export const env = v.pipe(
  v.array(variable),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const names = dataset.value.map(({ name }) => name);
    for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i))) {
      addIssue({ message: `has a duplicate variable ${name}: remove one of the two` });
    }
  }),
);
