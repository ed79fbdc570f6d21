import type { CollectorPipeline } from '../pipeline/options';
import { pipelineOptionStages } from './pipeline';

/**
 * Value of the label `namespace` of the journal: rules and dashboards group by namespace and app, and a message such as
 * "High log rate: journal/kubelet" names both.
 */
export const JOURNAL_NAMESPACE = 'journal';

/**
 * Oldest entries that are read without a stored position: those before belong to a time without Promtail. Loki refuses
 * older ones than an hour.
 */
const MAX_AGE = '1h';

/**
 * Returns the scrape config for the systemd journal of the node: the labels of containers, as far as they apply, so that
 * the number of streams stays small. The app is the service, without the instance of a template, or else the program:
 * scopes have new names all the time. The name of the node is that of the host, as the journal has it.
 *
 * @param pipeline changes to log lines; `multiline` does not apply, because an entry of the journal has all its lines
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/#journal
 */
export function journalScrape(pipeline: CollectorPipeline = {}) {
  const fields = ['__journal__systemd_unit', '__journal_syslog_identifier'];
  return {
    job_name: 'journal',
    journal: {
      max_age: MAX_AGE,
      labels: { namespace: JOURNAL_NAMESPACE, app: 'other' },
    },
    relabel_configs: [
      { source_labels: fields, regex: String.raw`[^;]*;\(?([\w.-]+)\)?`, target_label: 'app' },
      { source_labels: fields, regex: String.raw`([\w.-]+)(?:@[^;]*)?\.service;.*`, target_label: 'app' },
      { source_labels: ['__journal__hostname'], target_label: 'node_name' },
      { source_labels: ['namespace', 'app'], separator: '/', target_label: 'job' },
    ],
    pipeline_stages: pipelineOptionStages({ ...pipeline, multiline: undefined }),
  };
}
