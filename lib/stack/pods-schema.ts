import * as v from 'valibot';
import { type Finding, finding, type Path } from '../checks/findings';
import { COLLECTOR_NAMES } from '../collector/collectors';
import type { PodOptions } from '../kubernetes/pod-options';
import { withOptions } from '../kubernetes/pod-options';
import { POD_SETTINGS, podOptions } from '../kubernetes/pod-options-schema';
import { byteQuantity, quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { optionsOf, refused, wrong } from '../validate/validate';
import { PODS, PODS_NAMES, type PodsContext, type PodsName, type PodsOptions } from './pods';
import { hasDemo, PROFILES, profileOf } from './profiles';

const renamedCollector = refused(wrong("is the log collector, which is named 'log-collector' here", 'use that name'));

/** Settings of pods, by the name of their component. */
export const pods = optionsOf<PodsOptions>()({
  ...(Object.fromEntries(PODS_NAMES.map((name) => [name, v.optional(podOptions)])) as Record<
    PodsName,
    v.OptionalSchema<typeof podOptions, undefined>
  >),
  promtail: renamedCollector,
  'otel-log-collector': renamedCollector,
});

const anything = v.fallback(v.optional(v.looseObject({})), undefined);

/** Options that the pods depend on. Invalid ones become undefined. */
const CONTEXT = v.looseObject({
  profile: v.fallback(v.optional(v.picklist(PROFILES)), undefined),
  collector: v.fallback(v.optional(v.picklist(COLLECTOR_NAMES)), undefined),
  kubernetesEvents: v.fallback(v.optional(v.boolean()), undefined),
  demo: anything,
  loki: v.fallback(
    v.optional(
      v.looseObject({
        zones: v.optional(v.unknown()),
        caches: v.fallback(
          v.optional(
            v.looseObject({
              chunks: v.fallback(v.optional(v.looseObject({ memory: v.string() })), undefined),
              results: v.fallback(v.optional(v.looseObject({ memory: v.string() })), undefined),
            }),
          ),
          undefined,
        ),
      }),
    ),
    undefined,
  ),
  pods: v.fallback(v.optional(v.record(v.string(), v.unknown())), undefined),
  priorityClassName: v.optional(v.unknown()),
});

/** Checks settings of pods against the other options, each other and the defaults. */
export function checkPods(value: unknown): Finding[] {
  const { success, output } = v.safeParse(CONTEXT, value);
  if (!success || output.pods === undefined) return [];
  const { collector, kubernetesEvents = false, demo, loki, priorityClassName } = output;
  const profile = profileOf(output);
  const context: PodsContext = {
    profile,
    collector,
    kubernetesEvents,
    demo: hasDemo({ profile, demo }),
    caches: loki?.caches ?? {},
    zones: Array.isArray(loki?.zones) && loki.zones.length > 0,
  };
  return PODS_NAMES.flatMap((name) => {
    const given = output.pods?.[name];
    if (given === undefined) return [];
    const missing = PODS[name].missing?.(context);
    if (missing !== undefined) return [podsFinding([name], ...missing)];
    return checkComponent(name, validSettings(given), context, priorityClassName);
  });
}

/** Settings without the invalid ones, so that the others can be checked. */
function validSettings(given: unknown): PodOptions {
  const settings = v.is(v.looseObject({}), given) ? given : {};
  return Object.fromEntries(
    Object.entries(POD_SETTINGS).flatMap(([key, schema]) => {
      const result = v.safeParse(schema, settings[key as keyof typeof settings]);
      return result.success ? [[key, result.output]] : [];
    }),
  );
}

function checkComponent(
  name: PodsName,
  given: PodOptions,
  context: PodsContext,
  priorityClassName: unknown,
): Finding[] {
  const { nodeSelector = {}, env = [] } = given;
  const own = PODS[name].variables;
  return [
    ...checkResources(name, given, context),
    ...env.flatMap((variable, i) =>
      own.includes(variable.name) ? [podsFinding([name, 'env', i, 'name'], ...reserved(variable.name))] : [],
    ),
    ...(name === 'loki-ingester' && context.zones && ZONE_LABEL in nodeSelector
      ? [podsFinding([name, 'nodeSelector', ZONE_LABEL], "is set by the option 'loki.zones'", 'remove one of the two')]
      : []),
    ...(given.priorityClassName !== undefined && given.priorityClassName === priorityClassName
      ? [
          podsFinding(
            [name, 'priorityClassName'],
            "is already set by the option 'priorityClassName'",
            'remove one of the two',
          ),
        ]
      : []),
  ];
}

const ZONE_LABEL = 'topology.kubernetes.io/zone';

function reserved(variable: string): [problem: string, fix: string] {
  if (variable === 'GOMEMLIMIT') return ['"GOMEMLIMIT" follows from resources.memoryLimit', 'change that instead'];
  if (variable === 'GOMAXPROCS') return ['"GOMAXPROCS" follows from resources.cpu or cpuLimit', 'change that instead'];
  return [`"${variable}" is set by the stack`, 'use another name'];
}

/** Checks resources together with their defaults: a request above the default limit is invalid too. */
function checkResources(name: PodsName, given: PodOptions, context: PodsContext): Finding[] {
  const own = PODS[name].resources(context);
  const { cpu, cpuLimit, memory, memoryLimit } = withOptions(own, given);
  const isSet = (key: keyof Resources) => given.resources?.[key] !== undefined;
  const place = (key: keyof Resources, other: keyof Resources) => [name, 'resources', isSet(key) ? key : other];
  const least = PODS[name].leastMemory?.(context);
  return [
    ...(cpuLimit !== undefined && quantityValue(cpu) > quantityValue(cpuLimit)
      ? [podsFinding(place('cpuLimit', 'cpu'), ...above('CPU', cpu, cpuLimit, 'cpu', 'cpuLimit'))]
      : []),
    ...((isSet('memory') || isSet('memoryLimit')) && quantityValue(memory) > quantityValue(memoryLimit)
      ? [podsFinding(place('memory', 'memoryLimit'), ...above('memory', memory, memoryLimit, 'memory', 'memoryLimit'))]
      : []),
    ...(least !== undefined && isSet('memoryLimit') && quantityValue(memoryLimit) < least.bytes
      ? [
          podsFinding(
            [name, 'resources', 'memoryLimit'],
            `is ${memoryLimit}, less than ${least.reason} needs`,
            `use ${byteQuantity(least.bytes)} or more`,
          ),
        ]
      : []),
  ];
}

function above(what: string, request: string, limit: string, requestKey: string, limitKey: string): [string, string] {
  return [`requests more ${what} (${request}) than its limit (${limit})`, `raise ${limitKey}, or lower ${requestKey}`];
}

/** Returns a finding on a part of the option `pods`. */
export function podsFinding(part: Path, problem: string, fix: string): Finding {
  return finding('option', { path: ['pods', ...part], subject: `option 'pods.${part.join('.')}'`, problem, fix });
}
