import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine, run } from '../../lib/engines';
import type { PrometheusAlert } from '../../lib/monitoring/pipeline-alerts';
import { pipelineDashboard } from '../../lib/monitoring/pipeline-dashboard';
import { dashboardQueries } from '../support/dashboard-queries';
import { PIPELINES } from './pipeline';

// Tests the alerts in the rule engine of Prometheus, with `promtool check rules` and `promtool test rules`. Each alert
// has a case in which it fires and one in which it does not.

/** Series in promtool's notation with an interval of a minute: `0+1x30` is 0 to 30. */
type Series = Readonly<Record<string, string>>;

interface Case {
  /** Series for which the alert fires. */
  readonly fires: Series;
  /** Series for which the alert does not fire. */
  readonly quiet: Series;
  /** Minutes after which both are evaluated. @default 30 */
  readonly at?: number;
  /** Labels of the firing alert, in addition to the common ones. */
  readonly labels: Readonly<Record<string, string>>;
  /** Description of the firing alert. */
  readonly description: string;
}

/** Value `n` for two hours. */
const always = (n: number) => `${n}x120`;
/** Increases by one per minute. */
const grows = '0+1x120';

interface Names {
  readonly loki: string;
  readonly ruler: string;
  readonly compactor: string;
  readonly collector: string;
}

const SINGLE: Names = { loki: 'loki', ruler: 'loki', compactor: 'loki', collector: 'promtail' };
const DISTRIBUTED: Names = {
  loki: 'loki-ingester',
  ruler: 'loki-ruler',
  compactor: 'loki-compactor',
  collector: 'otel-log-collector',
};
const NAMES = [SINGLE, DISTRIBUTED];

/** Every component is up. */
function up({ loki, ruler, compactor, collector }: Names): Series {
  return {
    ...Object.fromEntries(
      [loki, ruler, compactor, 'alertmanager', 'grafana'].map((job) => [
        `up{namespace="logging",job="${job}",pod="${job}-0"}`,
        always(1),
      ]),
    ),
    [`up{namespace="log-collector",job="${collector}",pod="${collector}-x"}`]: always(1),
  };
}

function without(series: Series, text: string): Series {
  return Object.fromEntries(Object.entries(series).filter(([name]) => !name.includes(text)));
}

function cases(names: Names): Record<string, readonly Case[]> {
  const { loki, ruler, compactor, collector } = names;
  const ofLoki = `namespace="logging",job="${loki}",pod="${loki}-0"`;
  const ofRuler = `namespace="logging",job="${ruler}",pod="${ruler}-0"`;
  const ofCompactor = `namespace="logging",job="${compactor}",pod="${compactor}-0"`;
  const ofCollector = `namespace="log-collector",job="${collector}",pod="${collector}-x"`;
  const ofAlertmanager = 'namespace="logging",job="alertmanager",pod="alertmanager-0"';
  const logging = { namespace: 'logging' };
  const collected = { namespace: 'log-collector', job: collector };
  const group = 'rule_group="/loki/rules-temp/fake/errors.yaml;errors",user="fake"';
  const rule_group = '/loki/rules-temp/fake/errors.yaml;errors';
  const alive = up(names);
  const rulesLoaded = {
    [`loki_prometheus_rule_group_rules{${ofRuler},rule_group="a"}`]: always(4),
    [`loki_prometheus_rule_group_rules{${ofRuler},rule_group="b"}`]: always(3),
    [`loki_ruler_config_last_reload_successful{${ofRuler},user="fake"}`]: always(1),
  };
  const requests = (status: string, values: string) => ({
    [`loki_request_duration_seconds_count{${ofLoki},route="push",status_code="${status}"}`]: values,
  });
  const queue = (size: number) => ({
    [`otelcol_exporter_queue_size{${ofCollector},exporter="otlp_http"}`]: always(size),
    [`otelcol_exporter_queue_capacity{${ofCollector},exporter="otlp_http"}`]: always(100),
  });
  const streams = (n: number) => ({
    [`loki_ingester_memory_streams{${ofLoki},tenant="fake"}`]: always(n / 2),
    [`loki_ingester_memory_streams{${ofLoki},tenant="shop"}`]: always(n / 2),
  });
  const stuck = (sent: string): Series =>
    collector === 'otel-log-collector'
      ? {
          ...queue(10),
          [`otelcol_exporter_sent_log_records{${ofCollector},exporter="otlp_http"}`]: sent,
        }
      : {
          [`${prefix}_batch_retries_total{${ofCollector},tenant=""}`]: grows,
          [`${prefix}_sent_entries_total{${ofCollector},host="loki"}`]: sent,
        };
  const evaluated = (values: string) => ({
    [`loki_prometheus_rule_group_last_evaluation_timestamp_seconds{${ofRuler},${group}}`]: values,
    [`loki_prometheus_rule_group_interval_seconds{${ofRuler},${group}}`]: always(15),
  });
  const retention = (values: string) => ({
    [`loki_compactor_apply_retention_last_successful_run_timestamp_seconds{${ofCompactor}}`]: values,
  });
  const prefix = collector === 'promtail' ? 'promtail' : 'loki_write';
  const dropped = {
    promtail: 'promtail_dropped_entries_total',
    'otel-log-collector': 'otelcol_exporter_send_failed_log_records',
  }[collector];
  return {
    PipelinePartDown: [
      {
        fires: { ...without(alive, 'alertmanager'), [`up{${ofAlertmanager}}`]: always(0) },
        quiet: alive,
        labels: { ...logging, job: 'alertmanager' },
        description: 'No pod of logging/alertmanager could be scraped for five minutes.',
      },
      {
        // As if the DaemonSet were deleted.
        fires: without(alive, collector),
        // One of two pods is up, and Grafana is not required.
        quiet: {
          ...without(alive, 'grafana'),
          [`up{namespace="log-collector",job="${collector}",pod="another"}`]: always(0),
        },
        labels: collected,
        description: `No pod of log-collector/${collector} could be scraped for five minutes.`,
      },
      {
        fires: without(alive, `"${ruler}"`),
        quiet: alive,
        labels: { ...logging, job: ruler },
        description: `No pod of logging/${ruler} could be scraped for five minutes.`,
      },
    ],
    PipelinePodDown: [
      {
        fires: { ...alive, [`up{namespace="log-collector",job="${collector}",pod="another"}`]: always(0) },
        quiet: alive,
        labels: collected,
        description: `For 15 minutes, 1 of the pods of log-collector/${collector} could not be scraped.`,
      },
    ],
    LokiRulesNotLoaded: [
      {
        // The ruler is up, and has no rules.
        fires: alive,
        quiet: { ...alive, ...rulesLoaded },
        labels: { ...logging, job: ruler },
        description: "Loki's ruler has not loaded the 7 rules in its rule files.",
      },
      {
        fires: { ...alive, ...without(rulesLoaded, '"b"') },
        // The ruler is down, for which there is another alert.
        quiet: without(alive, `"${ruler}"`),
        labels: { ...logging, job: ruler },
        description: "Loki's ruler has not loaded the 7 rules in its rule files.",
      },
      {
        fires: {
          ...alive,
          ...rulesLoaded,
          [`loki_ruler_config_last_reload_successful{${ofRuler},user="b"}`]: always(0),
        },
        quiet: { ...alive, ...rulesLoaded },
        labels: { ...logging, job: ruler },
        description: "Loki's ruler has not loaded the 7 rules in its rule files.",
      },
    ],
    LokiRuleFails: [
      {
        fires: { [`loki_prometheus_rule_evaluation_failures_total{${ofRuler},${group}}`]: grows },
        quiet: { [`loki_prometheus_rule_evaluation_failures_total{${ofRuler},${group}}`]: '0x20 1x100' },
        labels: { ...logging, job: ruler, rule_group },
        description: `Rules of ${rule_group} failed 5 times in five minutes.`,
      },
    ],
    LokiRulesLate: [
      {
        fires: evaluated('0x120'),
        quiet: evaluated('0+60x120'),
        labels: { ...logging, job: ruler, pod: `${ruler}-0`, rule_group, user: 'fake' },
        description: `${rule_group} was last evaluated 30m 0s ago.`,
      },
    ],
    LokiAlertsNotSent: [
      {
        fires: { [`loki_prometheus_notifications_dropped_total{${ofRuler},alertmanager="http://a"}`]: grows },
        quiet: { [`loki_prometheus_notifications_dropped_total{${ofRuler},alertmanager="http://a"}`]: always(5) },
        labels: { ...logging, job: ruler, alertmanager: 'http://a' },
        description: 'Loki dropped 5 alerts to http://a in five minutes.',
      },
    ],
    LokiRequestErrors: [
      {
        fires: { ...requests('204', '0+300x120'), ...requests('500', '0+100x120') },
        quiet: { ...requests('204', '0+300x120'), ...requests('500', '0+10x120') },
        labels: { ...logging, job: loki, route: 'push' },
        description: '25% of the requests fail.',
      },
    ],
    LokiRefusesLogs: [
      {
        // The counter does not exist before the first event.
        fires: { [`loki_discarded_samples_total{${ofLoki},tenant="fake",reason="line_too_long"}`]: '_x20 3x100' },
        quiet: { [`loki_discarded_samples_total{${ofLoki},tenant="fake",reason="line_too_long"}`]: '_x10 3x110' },
        labels: { ...logging, job: loki, tenant: 'fake', reason: 'line_too_long' },
        description: 'Loki rejected 3 lines of tenant fake in 15 minutes: line_too_long.',
      },
    ],
    LokiTooManyStreams: [
      {
        fires: { ...streams(100_000), [`go_gc_gomemlimit_bytes{${ofLoki}}`]: always(2 ** 30) },
        // Twice the memory.
        quiet: { ...streams(100_000), [`go_gc_gomemlimit_bytes{${ofLoki}}`]: always(2 ** 31) },
        at: 40,
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: 'Its streams take 667.6MiB, more than half of its memory, without their lines.',
      },
    ],
    LokiFlushFails: [
      {
        fires: { [`loki_ingester_chunks_flush_failures_total{${ofLoki}}`]: grows },
        quiet: { [`loki_ingester_chunks_flush_failures_total{${ofLoki}}`]: always(2) },
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: 'Loki failed to write 15 chunks in 15 minutes.',
      },
    ],
    LokiDiskFull: [
      {
        fires: { [`loki_ingester_wal_disk_usage_percent{${ofLoki}}`]: always(0.85) },
        quiet: { [`loki_ingester_wal_disk_usage_percent{${ofLoki}}`]: always(0.75) },
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: 'The disk is 85% full; at 90% Loki rejects log lines.',
      },
    ],
    LokiRetentionStopped: [
      {
        // Time starts at zero in promtool: the last run was at the start.
        fires: retention('0x600'),
        quiet: retention('0+60x600'),
        at: 300,
        labels: { ...logging, job: compactor },
        description: 'The compactor has not applied the retention for three hours.',
      },
    ],
    CollectorDropsLogs: [
      {
        fires: { [`${dropped}{${ofCollector}}`]: grows },
        quiet: { [`${dropped}{${ofCollector}}`]: always(7) },
        labels: { ...collected, pod: `${collector}-x` },
        description: 'It dropped 15 lines in 15 minutes.',
      },
      {
        // The counter does not exist before the first event.
        fires: { [`${dropped}{${ofCollector}}`]: '_x20 3x100' },
        quiet: { [`${dropped}{${ofCollector}}`]: '_x20 0x100' },
        labels: { ...collected, pod: `${collector}-x` },
        description: 'It dropped 3 lines in 15 minutes.',
      },
    ],
    CollectorStuck: [
      {
        fires: stuck('7x120'),
        // It is slow, but still sends.
        quiet: stuck(grows),
        labels: {
          ...collected,
          pod: `${collector}-x`,
          ...(collector === 'otel-log-collector' ? { exporter: 'otlp_http' } : {}),
        },
        description: 'It has unsent lines, but Loki has not accepted any for ten minutes.',
      },
    ],
    CollectorQueueFull: [
      {
        fires: queue(90),
        quiet: queue(50),
        labels: { ...collected, pod: `${collector}-x`, exporter: 'otlp_http' },
        description: 'Its queue is 90% full; a full queue pauses the reading of log files.',
      },
    ],
    AlertmanagerFailsToNotify: [
      {
        fires: {
          [`alertmanager_notifications_failed_total{${ofAlertmanager},integration="slack",reason="clientError"}`]:
            grows,
        },
        quiet: {
          [`alertmanager_notifications_failed_total{${ofAlertmanager},integration="slack",reason="clientError"}`]:
            always(4),
        },
        labels: { ...logging, job: 'alertmanager', integration: 'slack', reason: 'clientError' },
        description: 'Alertmanager failed to send 15 notifications in 15 minutes: clientError.',
      },
    ],
    AlertmanagerConfigNotLoaded: [
      {
        fires: { [`alertmanager_config_last_reload_successful{${ofAlertmanager}}`]: always(0) },
        quiet: { [`alertmanager_config_last_reload_successful{${ofAlertmanager}}`]: always(1) },
        labels: { ...logging, job: 'alertmanager' },
        description: 'It still uses the previous configuration.',
      },
    ],
    AlertmanagersApart: [
      {
        fires: { [`alertmanager_cluster_members{${ofAlertmanager}}`]: always(1) },
        quiet: { [`alertmanager_cluster_members{${ofAlertmanager}}`]: always(3) },
        labels: { ...logging, job: 'alertmanager' },
        description: 'An Alertmanager sees only 1 of 3 cluster members.',
      },
    ],
  };
}

/** Returns promtool's test of an alert. */
function unitTest(alert: PrometheusAlert, { at = 30, labels, description }: Case, series: Series, fires: boolean) {
  const expected = {
    exp_labels: { ...alert.labels, ...labels },
    exp_annotations: {
      ...Object.fromEntries(Object.entries(alert.annotations).map(([key, text]) => [key, filled(text, labels)])),
      description,
    },
  };
  return {
    name: `${alert.alert} ${fires ? 'fires' : 'is quiet'}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: `${at}m`, alertname: alert.alert, exp_alerts: fires ? [expected] : [] }],
  };
}

/** Replaces labels in an annotation, for comparison with promtool's result. */
function filled(text: string, labels: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name) => labels[name] ?? '');
}

describe.each(PIPELINES.map(([name, props, alerts], i) => ({ name, props, alerts, names: NAMES[i] ?? SINGLE })))(
  '$name',
  ({ props, alerts, names }) => {
    let dir = '';
    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'pipeline-alerts-'));
      mkdirSync(join(dir, 'tmp'));
      writeFileSync(join(dir, 'rules.json'), JSON.stringify({ groups: [{ name: 'log-pipeline', rules: alerts }] }));
    });
    afterAll(() => rmSync(dir, { recursive: true }));

    const promtool = async (...args: string[]) => run(await findEngine('promtool'), args, { cwd: dir });

    test('are valid rules', async () => {
      expect(await promtool('check', 'rules', 'rules.json')).toMatchObject({ code: 0 });
    });

    test('the queries of the dashboard are valid PromQL', async () => {
      const rules = dashboardQueries(pipelineDashboard(props)).map((expr, i) => ({ record: `panel_${i}`, expr }));
      writeFileSync(join(dir, 'panels.json'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));

      expect(await promtool('check', 'rules', 'panels.json')).toMatchObject({ code: 0 });
      expect(rules.length).toBeGreaterThan(10);
    });

    test.each(alerts.map((alert) => [alert.alert, alert] as const))(
      '%s fires only when it should',
      async (name, alert) => {
        const tests = (cases(names)[name] ?? []).flatMap((example) => [
          unitTest(alert, example, example.fires, true),
          unitTest(alert, example, example.quiet, false),
        ]);
        expect(tests.length).toBeGreaterThan(0);
        const file = `${name}.json`;
        writeFileSync(
          join(dir, file),
          JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: '1m', tests }),
        );

        const { code, stdout, stderr } = await promtool('test', 'rules', file);

        expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
      },
    );
  },
);
