import { type Finding, finding, type Path } from '../checks/findings';

/** Options of the collector, besides `collector` itself. */
const COLLECTOR_OPTIONS: readonly Path[] = [
  ['collectFrom'],
  ['collectorHost'],
  ['collectorPipeline'],
  ['cluster'],
  ['journald'],
  ['kubernetesApiPorts'],
  ['namespaces', 'logCollector'],
  ['pods', 'log-collector'],
];

/** Checks options that an external Loki, or a stack without a collector, does not have. */
export function checkExternalOptions(options: unknown): Finding[] {
  const given = (path: Path) => path.reduce<unknown>((value, key) => recordOf(value)[key], options);
  const isExternal = given(['loki', 'external']) !== undefined;
  const collector = given(['collector']);
  const unused = collector === false || (isExternal && collector === undefined) ? ofOtherCollector(given) : [];
  return isExternal ? [...unused, ...ofExternalLoki(given)] : unused;
}

function ofOtherCollector(given: (path: Path) => unknown): Finding[] {
  const recorder = ['alertmanager', 'eventRecorder'];
  const isUsedByEvents = ([option = '']: Path) =>
    ['kubernetesApiPorts', 'cluster'].includes(String(option)) && given(['kubernetesEvents']) === true;
  return [
    ...COLLECTOR_OPTIONS.filter((path) => given(path) !== undefined && !isUsedByEvents(path)).map((path) =>
      wrong(path, 'has no effect without a collector', 'remove it, or set collector'),
    ),
    ...(given(recorder) === true
      ? [
          wrong(
            recorder,
            "requires the stack's collector, which leaves repetitions and annotations out of the events",
            'set collector; for the settings of another one: loki-alerts explain history',
          ),
        ]
      : []),
  ];
}

function ofExternalLoki(given: (path: Path) => unknown): Finding[] {
  const tenants = Object.entries(recordOf(given(['tenants'])));
  return [
    ...(tenants.length > 0 && given(['loki', 'external', 'tenant']) === undefined
      ? [
          wrong(
            ['loki', 'external', 'tenant'],
            'is missing: with tenants, Loki requires one for the logs of all other namespaces',
            'set it',
          ),
        ]
      : []),
    ...tenants
      .filter(([, tenant]) => recordOf(tenant).limits !== undefined)
      .map(([id]) =>
        wrong(
          ['tenants', id, 'limits'],
          'is a setting of Loki itself, which is external',
          'set it where that Loki is configured, and remove it here',
        ),
      ),
    ...(given(['monitoring', 'prometheusUrl']) === undefined
      ? []
      : [
          wrong(
            ['monitoring', 'prometheusUrl'],
            'is for the dashboard of the pipeline, of which an external Loki is not part',
            'remove it',
          ),
        ]),
  ];
}

function wrong(path: Path, problem: string, fix: string): Finding {
  return finding('option', { path, subject: `option '${path.join('.')}'`, problem, fix });
}

function recordOf(value: unknown): Record<string | number, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
