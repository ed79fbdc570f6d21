import * as v from 'valibot';
import { oneOf } from '../validate/one-of';
import { optionsOf, wrong } from '../validate/validate';
import { labelKey, labelValue } from './label-syntax';
import type {
  Affinity,
  LabelSelector,
  NodeAffinity,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  PreferredSchedulingTerm,
  Requirement,
  WeightedPodAffinityTerm,
} from './pod-fields';

/** Schema of a requirement, whose operator decides whether it has values. */
const requirement = (operators: readonly string[], allowed: v.GenericSchema<string>) =>
  v.pipe(
    optionsOf<Requirement>()({
      key: labelKey,
      operator: oneOf(operators),
      values: v.optional(v.array(allowed)),
    }),
    v.forward(
      v.partialCheck(
        [['operator'], ['values']],
        ({ operator, values = [] }) => !['In', 'NotIn'].includes(operator) || values.length > 0,
        'is missing or empty: In and NotIn require at least one value',
      ),
      ['values'],
    ),
    v.forward(
      v.partialCheck(
        [['operator'], ['values']],
        ({ operator, values = [] }) => !['Exists', 'DoesNotExist'].includes(operator) || values.length === 0,
        'has no effect together with Exists and DoesNotExist, which only match the key: remove it, or use In or NotIn',
      ),
      ['values'],
    ),
    v.forward(
      v.partialCheck(
        [['operator'], ['values']],
        ({ operator, values = [] }) =>
          !['Gt', 'Lt'].includes(operator) || (values.length === 1 && /^-?\d+$/.test(values[0] ?? '')),
        'must be a single whole number, e.g. ["4"]: Gt and Lt compare with it',
      ),
      ['values'],
    ),
  );

const ofNodes = v.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'], labelValue));
const ofFields = v.array(requirement(['In', 'NotIn'], v.string()));

const nodeSelectorTerm = optionsOf<NodeSelectorTerm>()({
  matchExpressions: v.optional(ofNodes),
  matchFields: v.optional(ofFields),
});

const labelSelector = optionsOf<LabelSelector>()({
  matchLabels: v.optional(v.record(labelKey, labelValue)),
  matchExpressions: v.optional(v.array(requirement(['In', 'NotIn', 'Exists', 'DoesNotExist'], labelValue))),
});

const podAffinityTerm = optionsOf<PodAffinityTerm>()({
  labelSelector: v.optional(labelSelector),
  namespaceSelector: v.optional(labelSelector),
  namespaces: v.optional(v.array(v.string())),
  topologyKey: labelKey,
});

const weight = v.pipe(
  v.number(),
  v.check((number) => Number.isInteger(number) && number >= 1 && number <= 100, 'must be a whole number from 1 to 100'),
);

const podAffinity = optionsOf<PodAffinity>()({
  requiredDuringSchedulingIgnoredDuringExecution: v.optional(v.array(podAffinityTerm)),
  preferredDuringSchedulingIgnoredDuringExecution: v.optional(
    v.array(optionsOf<WeightedPodAffinityTerm>()({ weight, podAffinityTerm })),
  ),
});

/** Schema of Kubernetes' `Affinity`, with the checks of the API server. */
export const affinity = optionsOf<Affinity>()({
  nodeAffinity: v.optional(
    optionsOf<NodeAffinity>()({
      requiredDuringSchedulingIgnoredDuringExecution: v.optional(
        optionsOf<NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>>()({
          nodeSelectorTerms: v.pipe(
            v.array(nodeSelectorTerm),
            v.nonEmpty(wrong('is empty, so that no node matches', 'add a term, or remove it')),
          ),
        }),
      ),
      preferredDuringSchedulingIgnoredDuringExecution: v.optional(
        v.array(optionsOf<PreferredSchedulingTerm>()({ weight, preference: nodeSelectorTerm })),
      ),
    }),
  ),
  podAffinity: v.optional(podAffinity),
  podAntiAffinity: v.optional(podAffinity),
});
