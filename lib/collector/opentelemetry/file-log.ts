import { type EventLog, REPEATED } from '../event-log';
import type { MultilineRule } from '../pipeline/options';
import { multilineOperators } from './pipeline';

/** Timestamp of a line as container runtimes write it, as a Go layout: with up to nine fractional digits. */
const TIMESTAMP = {
  parse_from: 'attributes.time',
  layout_type: 'gotime',
  layout: '2006-01-02T15:04:05.999999999Z07:00',
};

/**
 * `<namespace>_<pod>_<uid>/<container>/<restarts>.log`; a static pod has the hash of its manifest in place of the uid.
 */
const PATH = String.raw`^.*/(?P<namespace>[^_/]+)_(?P<pod>[^_/]+)_(?P<uid>[^_/]+)/(?P<container>[^/]+)/[^/]+\.log$`;

/** Docker's JSON, and the prefix of containerd and CRI-O; other lines are kept unchanged. */
const DOCKER = String.raw`^\{"log":.*"stream":"(stdout|stderr)".*"time":`;
const CRI = String.raw`^(?P<time>\d{4}-\d{2}-\d{2}T\S+) (?P<stream>stdout|stderr) (?P<part>[FP]) (?P<text>.*)$`;

export interface FileLogProps {
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Namespaces whose log files are read. @default all */
  readonly namespaces?: readonly string[];
  /** Namespaces whose log files are not read. @default none */
  readonly except?: readonly string[];
  /** Start time, RFC 3339: earlier lines are dropped. @default none */
  readonly since?: string;
  /** Stream of Alertmanager's events. @default none, it records none */
  readonly eventLog?: EventLog;
  /** Lines that become one entry. @default none */
  readonly multiline?: readonly MultilineRule[];
}

/**
 * Returns the receiver that reads the log files of all pods. It does not use the `container` parser, which gives a line
 * that the runtime split into parts the timestamp of the first part, not of the last: after a switch from Promtail,
 * Loki would not recognize long lines as duplicates.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/receiver/filelogreceiver
 */
export function fileLogReceiver(props: FileLogProps) {
  const { podLogsPath, namespaces, except = [], since, multiline, eventLog } = props;
  const files = (namespace: string) => `${podLogsPath}/${namespace}_*/*/*.log`;
  return {
    include: namespaces ? namespaces.map(files) : [`${podLogsPath}/*/*/*.log`],
    ...(except.length > 0 ? { exclude: except.map(files) } : {}),
    // Includes lines from before the collector was installed. Later, the stored positions apply.
    start_at: 'beginning',
    // Half of this number stays open between polls, and a rotated file is only read to its end if it is open. The
    // default of 1024 is enough for 512 files; a node with 110 pods may have more.
    max_concurrent_files: 4096,
    include_file_name: false,
    include_file_path: true,
    preserve_leading_whitespaces: true,
    preserve_trailing_whitespaces: true,
    // Waits for the queue instead of dropping lines.
    retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
    operators: [...operators(since, multiline), ...eventOperators(eventLog)],
  };
}

/** Returns operators that drop repeated events of Alertmanager, by the name of its container. */
function eventOperators(eventLog?: EventLog) {
  if (eventLog === undefined) return [];
  const isEvent = [
    `resource.namespace == ${JSON.stringify(eventLog.namespace)}`,
    `resource.container == ${JSON.stringify(eventLog.app)}`,
    'resource.stream == "stdout"',
    `body contains ${JSON.stringify(REPEATED)}`,
  ];
  return [{ type: 'filter', id: 'repeated-events', expr: isEvent.join(' and ') }];
}

function operators(since?: string, multiline?: readonly MultilineRule[]) {
  const joined = multilineOperators(multiline, 'pod');
  const filter = since ? [{ type: 'filter', id: 'since', expr: `timestamp < date(${JSON.stringify(since)})` }] : [];
  const docker = [
    { type: 'json_parser', id: 'docker', parse_from: 'body', parse_to: 'attributes', timestamp: { ...TIMESTAMP } },
    // Docker includes the newline in the text.
    {
      type: 'add',
      field: 'body',
      value: String.raw`EXPR(trimSuffix(attributes.log, "\n"))`,
      output: since ? 'since' : 'stream',
    },
  ];
  const cri = [
    { type: 'regex_parser', id: 'cri', regex: CRI, timestamp: { ...TIMESTAMP } },
    { type: 'move', from: 'attributes.text', to: 'body' },
    {
      type: 'recombine',
      combine_field: 'body',
      combine_with: '',
      is_last_entry: "attributes.part == 'F'",
      source_identifier: 'attributes["log.file.path"]',
      overwrite_with: 'newest',
      // A line ends early only by size, since Loki rejects lines of more than 256 KB, or after a minute without its
      // end.
      force_flush_period: '1m',
      max_batch_size: 0,
      max_unmatched_batch_size: 0,
      max_log_size: '1MiB',
    },
  ];
  return [
    {
      type: 'router',
      routes: [
        { expr: `body matches ${JSON.stringify(DOCKER)}`, output: 'docker' },
        { expr: `body matches ${JSON.stringify(CRI)}`, output: 'cri' },
      ],
      default: 'place',
    },
    ...docker,
    ...cri,
    ...filter,
    { type: 'move', id: 'stream', from: 'attributes.stream', to: 'resource.stream' },
    {
      type: 'regex_parser',
      id: 'place',
      regex: PATH,
      parse_from: 'attributes["log.file.path"]',
      parse_to: 'resource',
      cache: { size: 1000 },
    },
    ...joined,
    // The `k8s_attributes` processor finds the pod by these attributes.
    {
      type: 'copy',
      ...(joined.length > 0 ? { id: 'pod' } : {}),
      from: 'resource.namespace',
      to: 'resource["k8s.namespace.name"]',
    },
    { type: 'copy', from: 'resource.pod', to: 'resource["k8s.pod.name"]' },
  ];
}
