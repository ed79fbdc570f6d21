import { httpConfig, httpHeader, tlsConfig } from './http-schema';
import {
  atLeastOne,
  boolean,
  type FieldRule,
  type Fields,
  integer,
  isSet,
  list,
  map,
  number,
  object,
  rule,
  ruleForVersions,
  since,
  string,
} from './schema';
import { oneOfWords, prometheusDuration, secretUrl } from './values';

/** Upstream: `tracing/config.go`. */
export const tracing = object(
  {
    client_type: oneOfWords('http', 'grpc'),
    endpoint: string,
    sampling_fraction: number,
    insecure: boolean,
    tls_config: tlsConfig,
    headers: map(httpHeader),
    compression: oneOfWords('gzip', ''),
    timeout: prometheusDuration,
  },
  {},
  [atLeastOne('endpoint')],
);

const negative = (...names: readonly string[]) =>
  names.map((name) => rule((fields) => fields[name] < 0, { problem: 'negative number', fix: 'use 0 or more' }, name));

const OUTPUTS = ['file_outputs', 'webhook_outputs', 'kafka_outputs', 'stdout_outputs'];
const name = since('0.35.0', string);
const named = ruleForVersions({ since: '0.35.0' }, atLeastOne('name'));

/** Upstream: `eventrecorder/*.go`. */
export const eventRecorder = object(
  {
    file_outputs: list(object({ name, path: string }, {}, [named, atLeastOne('path')])),
    webhook_outputs: list(
      object(
        {
          name,
          url: secretUrl,
          http_config: httpConfig,
          timeout: prometheusDuration,
          workers: integer,
          max_retries: integer,
          retry_backoff: prometheusDuration,
          batch: since('0.34.0', boolean),
          batch_max_events: since('0.34.0', integer),
          batch_max_bytes: since('0.34.0', integer),
          batch_flush_interval: since('0.34.0', prometheusDuration),
        },
        {},
        [
          named,
          atLeastOne('url'),
          ...negative('batch_max_events', 'batch_max_bytes'),
          rule(
            ({ batch, batch_max_events, batch_max_bytes, batch_flush_interval }) =>
              !batch && (!!batch_max_events || !!batch_max_bytes || isSet(batch_flush_interval)),
            { problem: 'batch settings have no effect without "batch: true"', fix: 'add it' },
          ),
        ],
      ),
    ),
    kafka_outputs: list(
      object(
        {
          name,
          brokers: list(string),
          topic: string,
          client_id: string,
          format: oneOfWords('json', 'protobuf', ''),
          acks: oneOfWords('none', 'leader', 'all', ''),
          compression: oneOfWords('none', 'gzip', 'snappy', 'lz4', 'zstd', ''),
          buffer_size: integer,
          tls_config: tlsConfig,
        },
        {},
        [
          named,
          atLeastOne('topic'),
          rule(
            ({ brokers }) => !brokers?.length || brokers.includes(''),
            { problem: 'missing broker', fix: 'add one as host:port' },
            'brokers',
          ),
        ],
      ),
    ),
    stdout_outputs: since('0.34.0', list(object({ name }, {}, [named]))),
  },
  {},
  OUTPUTS.map((field) => ruleForVersions({ since: '0.35.0' }, uniqueNames(field))),
);

/** Names distinguish the outputs of one kind, e.g. in metrics. */
function uniqueNames(field: string): FieldRule {
  return (recorder) => {
    const names: readonly unknown[] = (recorder[field] ?? []).map((output: Fields) => output.name).filter(isSet);
    const duplicate = names.find((each, index) => names.indexOf(each) !== index);
    return duplicate === undefined
      ? undefined
      : { field, problem: `duplicate name "${duplicate}"`, fix: 'rename one of the two' };
  };
}
