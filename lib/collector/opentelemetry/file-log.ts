/** How the container runtimes write the time of a line, in the words of Go: with up to nine digits of a second. */
const TIMESTAMP = {
  parse_from: 'attributes.time',
  layout_type: 'gotime',
  layout: '2006-01-02T15:04:05.999999999Z07:00',
};

/** `<namespace>_<pod>_<uid>/<container>/<restarts>.log`; a static pod has the hash of its manifest in place of the uid. */
const PATH = String.raw`^.*/(?P<namespace>[^_/]+)_(?P<pod>[^_/]+)_(?P<uid>[^_/]+)/(?P<container>[^/]+)/[^/]+\.log$`;

/** Docker's JSON and the prefix of containerd and CRI-O; anything else is left as it is. */
const DOCKER = String.raw`^\{"log":.*"stream":"(stdout|stderr)".*"time":`;
const CRI = String.raw`^(?P<time>\d{4}-\d{2}-\d{2}T\S+) (?P<stream>stdout|stderr) (?P<part>[FP]) (?P<text>.*)$`;

export interface FileLogProps {
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Namespaces whose pods' files are read. @default all */
  readonly namespaces?: readonly string[];
  /** Namespaces whose files are left out. @default none */
  readonly except?: readonly string[];
  /** Lines of an earlier time are left out, RFC 3339. @default none are */
  readonly since?: string;
}

/**
 * Reads the log files of all pods. The collector's own `container` parser does nearly this; but it gives a line that the
 * runtime wrote in parts the time of the first part and not of the last. Loki would then take the long lines that
 * Promtail has sent for others, and not drop them when the collector is changed.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/receiver/filelogreceiver
 */
export function fileLogReceiver({ podLogsPath, namespaces, except = [], since }: FileLogProps) {
  const files = (namespace: string) => `${podLogsPath}/${namespace}_*/*/*.log`;
  return {
    include: namespaces ? namespaces.map(files) : [`${podLogsPath}/*/*/*.log`],
    ...(except.length > 0 ? { exclude: except.map(files) } : {}),
    // Also what was logged before the collector came; positions count from then on.
    start_at: 'beginning',
    // Half of this many stay open from one look to the next, and only of an open file is the end read after it was rotated
    // away. The default of 1024 would do for 512 files; a node with 110 pods may have more.
    max_concurrent_files: 4096,
    include_file_name: false,
    include_file_path: true,
    preserve_leading_whitespaces: true,
    preserve_trailing_whitespaces: true,
    // Wait for the queue instead of giving up.
    retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
    operators: operators(since),
  };
}

function operators(since?: string) {
  const filter = since ? [{ type: 'filter', id: 'since', expr: `timestamp < date(${JSON.stringify(since)})` }] : [];
  const docker = [
    { type: 'json_parser', id: 'docker', parse_from: 'body', parse_to: 'attributes', timestamp: { ...TIMESTAMP } },
    // Docker keeps the line's end in the text.
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
      // Only size ends a line early, since Loki refuses lines of 256 KB, and a minute without its end.
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
    // By these names the pod is found.
    { type: 'copy', from: 'resource.namespace', to: 'resource["k8s.namespace.name"]' },
    { type: 'copy', from: 'resource.pod', to: 'resource["k8s.pod.name"]' },
  ];
}
