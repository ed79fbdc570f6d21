import { type Duration, EVENT_LINES, type RuleFile } from '../lib';
import { annotations, type LogRuleProps, type Texts } from './annotations';

/** Events of an image that cannot be pulled: the kubelet uses the same reasons for other failures. */
const NOT_PULLED = {
  fields: 'reason=~"Failed|BackOff|InspectFailed"',
  lines: '|~ `(?i)pull(ing)? image|ErrImage|ImagePullBackOff|InvalidImageName`',
};

/** Reasons of events of a node that lacks resources, or that Kubernetes cannot use. */
const NODE_REASONS = [
  'NodeHasDiskPressure',
  'NodeHasInsufficientMemory',
  'NodeHasInsufficientPID',
  'EvictionThresholdMet',
  'FreeDiskSpaceFailed',
  'SystemOOM',
  'NodeNotReady',
];

const NODE_FAILURE = `kind="Node" | reason=~"${NODE_REASONS.join('|')}"`;

/**
 * Returns alerts on Kubernetes events, which the option `kubernetesEvents` collects: containers that run out of memory,
 * crash loops, pods that cannot be scheduled, mounted or pulled, evictions, and nodes under pressure.
 *
 * @example
 * const rules = [kubernetesEvents({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function kubernetesEvents(props: LogRuleProps): RuleFile {
  return {
    name: 'kubernetes-events.yaml',
    groups: [
      {
        name: 'kubernetes-events',
        rules: [
          {
            alert: 'ContainerOutOfMemory',
            expr: `sum by (namespace, app, container) (${count('reason="OOMKilled"', '10m')}) > 0`,
            labels: LABELS,
            annotations: ofApp(
              props,
              { fields: 'reason="OOMKilled"', within: '10m' },
              {
                title: 'Out of memory: {{ $labels.namespace }}/{{ $labels.app }}',
                description:
                  'Container {{ $labels.container }} ran out of memory and was killed, in ten minutes: {{ $value | printf "%.0f" }}.',
                impact: 'The container restarts, and work in progress is lost.',
                action: 'Compare its memory limit with what it used before, then raise the limit or look for a leak.',
              },
            ),
          },
          {
            alert: 'CrashLoop',
            // The kubelet reports each wait. Of one pod, it sends 25 events at once, then one in five to six minutes.
            expr: `sum by (namespace, app, container) (${count('reason="BackOff" | type="Warning"', '25m')}) > 2`,
            labels: LABELS,
            annotations: ofApp(
              props,
              { fields: 'reason="BackOff"', within: '25m' },
              {
                title: 'Crash loop: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Container {{ $labels.container }} keeps ending, and waits longer each time it restarts.',
                impact: 'The app does not work, or has fewer pods than it needs.',
                action: 'Read what the container logs before it ends; kubectl logs --previous shows it too.',
              },
            ),
          },
          {
            alert: 'PodNotScheduled',
            // The scheduler tries again every five minutes, and reports the failures every 30 minutes, or up to 35.
            expr: stuck('reason="FailedScheduling"', { repeated: 0, range: '36m', until: 'Scheduled' }),
            for: '5m',
            labels: LABELS,
            annotations: ofApp(
              props,
              { fields: 'reason="FailedScheduling"', within: '36m' },
              {
                title: 'Pod not scheduled: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Pods that no node has room for or is allowed to run: {{ $value | printf "%.0f" }}.',
                impact: 'The app has fewer pods than it needs.',
                action: 'Read the event: it counts the nodes by what they lack.',
              },
            ),
          },
          {
            alert: 'VolumeNotMounted',
            expr: stuck('reason=~"FailedMount|FailedAttachVolume"', { repeated: 1, range: '15m', until: 'Started' }),
            for: '2m',
            labels: LABELS,
            annotations: ofApp(
              props,
              { fields: 'reason=~"FailedMount|FailedAttachVolume"', within: '15m' },
              {
                title: 'Volume not mounted: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Pods that wait for a volume: {{ $value | printf "%.0f" }}.',
                impact: 'The pods do not start.',
                action: 'Read the event: it names the Secret, ConfigMap or volume that is missing.',
              },
            ),
          },
          {
            alert: 'ImageNotPulled',
            expr: stuck(NOT_PULLED.fields, {
              lines: NOT_PULLED.lines,
              repeated: 1,
              range: '20m',
              until: 'Pulled',
            }),
            for: '2m',
            labels: LABELS,
            annotations: ofApp(
              props,
              { ...NOT_PULLED, within: '20m' },
              {
                title: 'Image not pulled: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Pods that wait for an image: {{ $value | printf "%.0f" }}.',
                impact: 'The pods do not start.',
                action: 'Read the event: a wrong name or tag, missing credentials, or a registry that is down.',
              },
            ),
          },
          {
            alert: 'PodEvicted',
            expr: `sum by (namespace, app) (${count('kind="Pod" | reason="Evicted"', '10m')}) > 0`,
            labels: LABELS,
            annotations: ofApp(
              props,
              { fields: 'reason="Evicted"', within: '10m' },
              {
                title: 'Pod evicted: {{ $labels.namespace }}/{{ $labels.app }}',
                description: 'Pods that a node evicted in ten minutes: {{ $value | printf "%.0f" }}.',
                impact: 'Another node starts them again, if one has room.',
                action: 'Read the event: it names the resource that the node lacked, and how much the pod used.',
              },
            ),
          },
          {
            alert: 'NodePressure',
            // Kubernetes reports it once; the alert ends a quarter of an hour later.
            expr: `sum by (node_name, reason) (${count(NODE_FAILURE, '15m')}) > 0`,
            labels: LABELS,
            annotations: of(
              props,
              { fields: `${NODE_FAILURE} | node_name="{{ $labels.node_name }}"`, within: '15m' },
              {
                title: 'Node {{ $labels.node_name }}: {{ $labels.reason }}',
                description: 'Events of this kind in 15 minutes: {{ $value | printf "%.0f" }}.',
                impact: 'Kubernetes evicts pods from the node, or starts none on it.',
                action: 'kubectl describe node shows its conditions, and what its pods use.',
              },
            ),
            waive: [
              {
                check: 'route-catch-all-only',
                reason: 'a node has no namespace; the root receiver handles its alerts',
              },
            ],
          },
        ],
      },
    ],
  };
}

const LABELS = { severity: 'warning', team: 'devops', category: 'kubernetes' };

/** Returns the number of events with these fields. */
function count(fields: string, range: string, lines = ''): string {
  return `count_over_time(${EVENT_LINES}${lines && ` ${lines}`} | ${fields} [${range}])`;
}

/** Returns the number of pods of each app with repeated events, until one that ends them. */
function stuck(
  fields: string,
  options: { readonly lines?: string; readonly repeated: number; readonly range: string; readonly until: string },
): string {
  const { lines, repeated, range, until } = options;
  return [
    'count by (namespace, app) (',
    `  sum by (namespace, app, pod) (${count(fields, range, lines)}) > ${repeated}`,
    `  unless sum by (namespace, app, pod) (${count(`reason="${until}"`, range)})`,
    ') > 0',
  ].join('\n');
}

/** Events of an alert. */
interface Events {
  /** Label filters for them. */
  readonly fields: string;
  /** Line filters before these. @default none */
  readonly lines?: string;
  /** Range of the expression, plus `for`. */
  readonly within: Duration;
}

function ofApp(props: LogRuleProps, { fields, ...events }: Events, texts: Texts): Record<string, string> {
  return of(
    props,
    { ...events, fields: `namespace="{{ $labels.namespace }}" | app="{{ $labels.app }}" | ${fields}` },
    texts,
  );
}

/** Returns the annotations of the message, which shows the events, and whose Logs link opens them. */
function of(props: LogRuleProps, { fields, lines, within }: Events, texts: Texts): Record<string, string> {
  const query = [EVENT_LINES, ...(lines ? [lines] : []), '|', fields].join(' ');
  return annotations(props, texts, { query, range: within, within });
}
