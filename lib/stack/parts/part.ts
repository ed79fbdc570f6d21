import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import * as v from 'valibot';
import { type Finding, formatPath, type Path } from '../../checks/findings';
import type { Placement } from '../../kubernetes/component';
import { checkOptions, optionsOf, schemaAs } from '../../validate/validate';
import { requireSameConstructs } from '../../versions/peers';
import { checkedStack } from '../check-stack';
import { podDefaultsOf } from '../pod-defaults';
import type { PodsName, PodsOptions } from '../pods';
import type { LogAlertingProps, SharedLogAlertingProps } from '../props';
import { resolve, type Stack } from '../resolve';

/** Options of every part: the same as those of `LogAlerting`. */
export interface PartProps<Name extends PodsName>
  extends Pick<
    SharedLogAlertingProps,
    'imageRegistry' | 'images' | 'imagePullSecrets' | 'priorityClassName' | 'strict'
  > {
  /** Settings of its pods, by name: resources, nodes, labels, environment, priority. @default those of each component */
  readonly pods?: Pick<PodsOptions, Name>;
}

/** An option that is checked as one of `LogAlerting`. */
export const checkedByStack = <T>(): v.GenericSchema<T> => schemaAs<T>(v.optional(v.unknown()));

/** Schema of settings of pods of some components, whose contents are checked as an option of `LogAlerting`. */
export function podsOf<const Name extends PodsName>(
  ...names: readonly Name[]
): v.GenericSchema<Pick<PodsOptions, Name> | undefined> {
  const entries = Object.fromEntries(names.map((name) => [name, checkedByStack<unknown>()]));
  return schemaAs<Pick<PodsOptions, Name> | undefined>(v.optional(optionsOf<Record<string, unknown>>()(entries)));
}

/** Schemas of the options of every part. */
export const partOptions = {
  imageRegistry: checkedByStack<SharedLogAlertingProps['imageRegistry']>(),
  images: checkedByStack<SharedLogAlertingProps['images']>(),
  imagePullSecrets: checkedByStack<SharedLogAlertingProps['imagePullSecrets']>(),
  priorityClassName: checkedByStack<SharedLogAlertingProps['priorityClassName']>(),
  strict: checkedByStack<SharedLogAlertingProps['strict']>(),
};

/** Checks of the options of a part. */
export interface PartChecks {
  /** Schema of its options; those of `LogAlerting` are `checkedByStack`. */
  readonly schema: v.GenericSchema;
  /** Names of its options. */
  readonly options: readonly string[];
  /** Names of the options that `LogAlerting` does not have, or has with another meaning. */
  readonly own: readonly string[];
  /** Options that `LogAlerting` requires and the part does not. @default none */
  readonly defaults?: Partial<LogAlertingProps>;
  /** Valid options of a `LogAlerting`, for the parts that do not exist, and instead of invalid ones. */
  readonly others: LogAlertingProps;
}

/** A part with valid options, and the findings on those that are given. */
export interface CheckedPart {
  readonly stack: Stack;
  readonly findings: readonly Finding[];
  readonly placement: Placement;
  /** True if the options are valid; otherwise the stack is that of `others`. */
  readonly valid: boolean;
}

/** Options of `LogAlerting` that no part depends on. */
export const OTHERS = {
  profile: 'single',
  rules: [],
  rateAlert: { name: 'HighLogRate', rate: () => '', threshold: 1 },
  slack: { webhookSecret: 'slack' },
  grafana: { adminSecret: 'grafana' },
} as const satisfies LogAlertingProps;

/**
 * Checks the options of a part as `LogAlerting` does, by completing them.
 *
 * If they are invalid, the part is built with valid ones: code that uses it works until `app.synth()`, which reports
 * the findings and writes nothing.
 */
export function checkedPart(scope: Construct, id: string, props: object, checks: PartChecks): CheckedPart {
  requireSameConstructs(scope);
  const { schema, options, own, defaults, others } = checks;
  const { namespace } = Chart.of(scope);
  const namespaces = { logging: namespace, logCollector: namespace };
  const given: object = typeof props === 'object' && props !== null ? props : {};
  const ofStack = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => !own.includes(name) && value !== undefined),
  );
  const isOfPart = (name: string) => options.includes(name) && !own.includes(name);
  const missing = Object.entries({ ...others, namespaces }).filter(([name]) => !isOfPart(name));
  const unknown: Path[] = Object.hasOwn(ofStack, 'rules') ? [] : [['rules']];
  const { stack, findings } = checkedStack(
    { ...Object.fromEntries(missing), ...defaults, ...ofStack } as unknown as LogAlertingProps,
    unknown,
  );
  const ofPart = checkOptions(schema, props);
  const isOfOthers = ([option]: Path) => missing.some(([name]) => name === option);
  const isKnown = (path: Path) => ofPart.some((found) => formatPath(found.path) === formatPath(path));
  const all = [...ofPart, ...findings.filter(({ path }) => !isOfOthers(path) && !isKnown(path))];
  const valid = stack !== undefined && all.every(({ severity }) => severity !== 'error');
  const used = valid ? stack : resolve({ ...others, namespaces });
  return { stack: used, findings: all, placement: { id, podDefaults: podDefaultsOf(used.pods) }, valid };
}
