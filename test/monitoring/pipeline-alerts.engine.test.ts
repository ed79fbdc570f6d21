import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine, run } from '../../lib/engines';
import type { PrometheusAlert } from '../../lib/monitoring/pipeline-alerts';
import { pipelineDashboard } from '../../lib/monitoring/pipeline-dashboard';
import { dashboardQueries } from '../support/dashboard-queries';
import { PIPELINES } from './pipeline';

// The rule engine of Prometheus judges: `promtool check rules` and `promtool test rules`. Each alert has a case in which
// it fires and one in which it is quiet.

/** A series, with values a minute apart in promtool's notation: `0+1x30` are 0 to 30. */
type Series = Readonly<Record<string, string>>;

interface Case {
  /** What the series say. */
  readonly fires: Series;
  readonly quiet: Series;
  /** Minutes after which both are looked at. @default 30 */
  readonly at?: number;
  /** Labels of the alert that fires, beside those that all have. */
  readonly labels: Readonly<Record<string, string>>;
  /** What its description says. */
  readonly description: string;
}

/** Value `n` for two hours. */
const always = (n: number) => `${n}x120`;
/** One more each minute. */
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

/** Every part answers. */
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
        description: 'No pod of logging/alertmanager can be scraped for five minutes.',
      },
      {
        // As if the DaemonSet were deleted.
        fires: without(alive, collector),
        // One of two is left, and Grafana is none of the parts.
        quiet: {
          ...without(alive, 'grafana'),
          [`up{namespace="log-collector",job="${collector}",pod="another"}`]: always(0),
        },
        labels: collected,
        description: `No pod of log-collector/${collector} can be scraped for five minutes.`,
      },
      {
        fires: without(alive, `"${ruler}"`),
        quiet: alive,
        labels: { ...logging, job: ruler },
        description: `No pod of logging/${ruler} can be scraped for five minutes.`,
      },
    ],
    PipelinePodDown: [
      {
        fires: { ...alive, [`up{namespace="log-collector",job="${collector}",pod="another"}`]: always(0) },
        quiet: alive,
        labels: collected,
        description: `1 of the pods of log-collector/${collector} can not be scraped for 15 minutes.`,
      },
    ],
    LokiRulesNotLoaded: [
      {
        // It is up, and has none.
        fires: alive,
        quiet: { ...alive, ...rulesLoaded },
        labels: { ...logging, job: ruler },
        description: "Loki's ruler holds other rules than the 7 that it was given.",
      },
      {
        fires: { ...alive, ...without(rulesLoaded, '"b"') },
        // It is down, which is another alert's business.
        quiet: without(alive, `"${ruler}"`),
        labels: { ...logging, job: ruler },
        description: "Loki's ruler holds other rules than the 7 that it was given.",
      },
      {
        fires: {
          ...alive,
          ...rulesLoaded,
          [`loki_ruler_config_last_reload_successful{${ofRuler},user="b"}`]: always(0),
        },
        quiet: { ...alive, ...rulesLoaded },
        labels: { ...logging, job: ruler },
        description: "Loki's ruler holds other rules than the 7 that it was given.",
      },
    ],
    LokiRuleFails: [
      {
        fires: { [`loki_prometheus_rule_evaluation_failures_total{${ofRuler},${group}}`]: grows },
        quiet: { [`loki_prometheus_rule_evaluation_failures_total{${ofRuler},${group}}`]: '0x20 1x100' },
        labels: { ...logging, job: ruler, rule_group },
        description: `Rules of ${rule_group} fail: 5 times in five minutes.`,
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
        description: 'Loki dropped 5 alerts for http://a in five minutes.',
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
        // The counter is not there before it counts.
        fires: { [`loki_discarded_samples_total{${ofLoki},tenant="fake",reason="line_too_long"}`]: '_x20 3x100' },
        quiet: { [`loki_discarded_samples_total{${ofLoki},tenant="fake",reason="line_too_long"}`]: '_x10 3x110' },
        labels: { ...logging, job: loki, tenant: 'fake', reason: 'line_too_long' },
        description: 'Loki refused 3 lines of tenant fake in 15 minutes: line_too_long.',
      },
    ],
    LokiTooManyStreams: [
      {
        fires: { ...streams(100_000), [`go_gc_gomemlimit_bytes{${ofLoki}}`]: always(2 ** 30) },
        // Twice the memory.
        quiet: { ...streams(100_000), [`go_gc_gomemlimit_bytes{${ofLoki}}`]: always(2 ** 31) },
        at: 40,
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: 'Its streams take 667.6MiB of memory, half of what it has, beside their lines.',
      },
    ],
    LokiFlushFails: [
      {
        fires: { [`loki_ingester_chunks_flush_failures_total{${ofLoki}}`]: grows },
        quiet: { [`loki_ingester_chunks_flush_failures_total{${ofLoki}}`]: always(2) },
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: '15 chunks could not be written in 15 minutes.',
      },
    ],
    LokiDiskFull: [
      {
        fires: { [`loki_ingester_wal_disk_usage_percent{${ofLoki}}`]: always(0.85) },
        quiet: { [`loki_ingester_wal_disk_usage_percent{${ofLoki}}`]: always(0.75) },
        labels: { ...logging, job: loki, pod: `${loki}-0` },
        description: '85% of it is used; at 90% Loki refuses log lines.',
      },
    ],
    LokiRetentionStopped: [
      {
        // Promtool's time begins at zero: a run at its beginning was the last.
        fires: retention('0x600'),
        quiet: retention('0+60x600'),
        at: 300,
        labels: { ...logging, job: compactor },
        description: 'Its compactor has not applied the retention for three hours.',
      },
    ],
    CollectorDropsLogs: [
      {
        fires: { [`${dropped}{${ofCollector}}`]: grows },
        quiet: { [`${dropped}{${ofCollector}}`]: always(7) },
        labels: { ...collected, pod: `${collector}-x` },
        description: 'It gave up 15 lines in 15 minutes.',
      },
      {
        // The counter is not there before it counts.
        fires: { [`${dropped}{${ofCollector}}`]: '_x20 3x100' },
        quiet: { [`${dropped}{${ofCollector}}`]: '_x20 0x100' },
        labels: { ...collected, pod: `${collector}-x` },
        description: 'It gave up 3 lines in 15 minutes.',
      },
    ],
    CollectorStuck: [
      {
        fires: stuck('7x120'),
        // It is slow, and goes on.
        quiet: stuck(grows),
        labels: {
          ...collected,
          pod: `${collector}-x`,
          ...(collector === 'otel-log-collector' ? { exporter: 'otlp_http' } : {}),
        },
        description: 'For ten minutes it has sent no line that Loki took, and has lines to send.',
      },
    ],
    CollectorQueueFull: [
      {
        fires: queue(90),
        quiet: queue(50),
        labels: { ...collected, pod: `${collector}-x`, exporter: 'otlp_http' },
        description: 'Its queue is 90% full; when it is full, files are read no further.',
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
        description: 'Alertmanager gave up 15 messages to slack in 15 minutes: clientError.',
      },
    ],
    AlertmanagerConfigNotLoaded: [
      {
        fires: { [`alertmanager_config_last_reload_successful{${ofAlertmanager}}`]: always(0) },
        quiet: { [`alertmanager_config_last_reload_successful{${ofAlertmanager}}`]: always(1) },
        labels: { ...logging, job: 'alertmanager' },
        description: 'It runs with the configuration from before.',
      },
    ],
    AlertmanagersApart: [
      {
        fires: { [`alertmanager_cluster_members{${ofAlertmanager}}`]: always(1) },
        quiet: { [`alertmanager_cluster_members{${ofAlertmanager}}`]: always(3) },
        labels: { ...logging, job: 'alertmanager' },
        description: 'One of them knows only 1 of 3.',
      },
    ],
  };
}

/** promtool's test of one alert: the series, and what must fire. */
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

/** Labels in the texts beside the description are filled in here; promtool compares with its own. */
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

    test('are rules that Prometheus takes', async () => {
      expect(await promtool('check', 'rules', 'rules.json')).toMatchObject({ code: 0 });
    });

    test('the dashboard asks in PromQL', async () => {
      const rules = dashboardQueries(pipelineDashboard(props)).map((expr, i) => ({ record: `panel_${i}`, expr }));
      writeFileSync(join(dir, 'panels.json'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));

      expect(await promtool('check', 'rules', 'panels.json')).toMatchObject({ code: 0 });
      expect(rules.length).toBeGreaterThan(10);
    });

    test.each(alerts.map((alert) => [alert.alert, alert] as const))('%s fires and is quiet', async (name, alert) => {
      const tests = (cases(names)[name] ?? []).flatMap((one) => [
        unitTest(alert, one, one.fires, true),
        unitTest(alert, one, one.quiet, false),
      ]);
      expect(tests.length).toBeGreaterThan(0);
      const file = `${name}.json`;
      writeFileSync(join(dir, file), JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: '1m', tests }));

      const { code, stdout, stderr } = await promtool('test', 'rules', file);

      expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
    });
  },
);
