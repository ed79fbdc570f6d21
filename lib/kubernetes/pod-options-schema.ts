import * as v from 'valibot';
import { oneOf } from '../validate/one-of';
import { bytes, cpu, entriesOf, objectName, optionsOf, wrong } from '../validate/validate';
import { affinity } from './affinity-schema';
import { env } from './env-schema';
import { labelKey, labelValue } from './label-syntax';
import { INGESTERS_LABEL, labels } from './labels';
import type { Toleration } from './pod-fields';
import type { PodOptions } from './pod-options';
import type { Resources } from './resources';

/** Schema of resources that are all given. */
export const resources = optionsOf<Resources>()({
  cpu,
  cpuLimit: v.optional(cpu),
  memory: bytes,
  memoryLimit: bytes,
  ephemeralStorage: v.optional(bytes),
});

const someResources = optionsOf<Partial<Resources>>()({
  cpu: v.optional(cpu),
  cpuLimit: v.optional(cpu),
  memory: v.optional(bytes),
  memoryLimit: v.optional(bytes),
  ephemeralStorage: v.optional(bytes),
});

const toleration = v.pipe(
  optionsOf<Toleration>()({
    key: v.optional(labelKey),
    operator: v.optional(oneOf(['Exists', 'Equal'])),
    value: v.optional(labelValue),
    effect: v.optional(oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
    tolerationSeconds: v.optional(
      v.pipe(
        v.number(),
        v.check((number) => Number.isInteger(number), 'must be a whole number of seconds'),
      ),
    ),
  }),
  v.forward(
    v.partialCheck(
      [['operator'], ['value']],
      ({ operator, value }) => operator !== 'Exists' || value === undefined || value === '',
      "has no effect together with operator: 'Exists', which accepts any value: remove it, or use operator: 'Equal'",
    ),
    ['value'],
  ),
  v.forward(
    v.partialCheck(
      [['key'], ['operator']],
      ({ key, operator }) => key !== undefined || operator === 'Exists',
      "is missing: set it to the key of the taint, or use operator: 'Exists' to accept every taint",
    ),
    ['key'],
  ),
  v.forward(
    v.partialCheck(
      [['effect'], ['tolerationSeconds']],
      ({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute',
      "is only supported by effect: 'NoExecute': set that effect, or remove it",
    ),
    ['tolerationSeconds'],
  ),
);

/** Labels in the selectors of the stack, or on its pods. */
const OWN_LABELS = [...Object.keys(labels('', '')), INGESTERS_LABEL];

const podLabels = v.record(
  v.pipe(
    labelKey,
    v.check(
      (key) => !OWN_LABELS.includes(key),
      wrong('is set by the stack, whose selectors use it', 'use a different key'),
    ),
  ),
  labelValue,
);

const podAnnotations = v.record(
  v.pipe(
    labelKey,
    v.check((key) => key !== 'checksum/config', wrong('is set by the stack', 'use a different key')),
  ),
  v.string(),
);

/** Schema of a node selector: all programs are Linux programs. */
const nodeSelector = v.pipe(
  v.record(labelKey, labelValue),
  v.check(
    (selected) => [undefined, 'linux'].includes(selected['kubernetes.io/os']),
    "selects nodes of another operating system by 'kubernetes.io/os', but the images require Linux: remove it",
  ),
);

/** Schemas of the settings of pods, by name. */
export const POD_SETTINGS = entriesOf<PodOptions>()({
  resources: v.optional(someResources),
  nodeSelector: v.optional(nodeSelector),
  tolerations: v.optional(v.array(toleration)),
  affinity: v.optional(affinity),
  podLabels: v.optional(podLabels),
  podAnnotations: v.optional(podAnnotations),
  env: v.optional(env),
  priorityClassName: v.optional(objectName),
});

/** Schema of the settings of pods. */
export const podOptions = optionsOf<PodOptions>()(POD_SETTINGS);
