import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { logAlertingDashboard, type RateAlert } from '../../lib/grafana/dashboard';
import { runbookUrl } from '../../lib/grafana/links';
import { parseLogQL } from '../../lib/logql';
import { dashboardQueries } from '../support/dashboard-queries';

const alert: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => `sum by (namespace, app) (rate(${selector}[1m]))`,
  threshold: 60,
};
const slackInbox = '{namespace="demo", app="slack-inbox"}';

function panels(dashboard = logAlertingDashboard({ alert, slackInbox })): Panel[] {
  return (dashboard.panels ?? []) as Panel[];
}

test('panels, with types and positions', () => {
  const table = panels().map(({ id, title, type, gridPos = { x: 0, y: 0, w: 0, h: 0 } }) => {
    const { x, y, w, h } = gridPos;
    return `${id} ${title}: ${type} at ${x},${y}, ${w}x${h}`;
  });

  expect(table).toMatchInlineSnapshot(`
[
  "1 Lines per second: timeseries at 0,0, 16x9",
  "2 Top talkers: bargauge at 16,0, 8x9",
  "3 Alerts: alertlist at 0,9, 8x8",
  "4 Error lines: timeseries at 8,9, 16x8",
  "5 Slack messages: logs at 0,17, 24x8",
  "6 Logs: logs at 0,25, 24x14",
]
`);
});

test('without an alert, panels show rates without a threshold', () => {
  const without = logAlertingDashboard({ slackInbox });
  const texts = JSON.stringify(without);

  expect(panels(without).map(({ id, gridPos }) => [id, gridPos])).toEqual(
    panels().map(({ id, gridPos }) => [id, gridPos]),
  );
  expect(dashboardQueries(without)).toEqual(dashboardQueries(logAlertingDashboard({ alert, slackInbox })));
  expect(texts).not.toMatch(/HighLogRate|undefined|axisSoftMax|thresholdsStyle/);
  expect(JSON.stringify(logAlertingDashboard({ alert, slackInbox }))).toMatch(/HighLogRate.*"value":60/);
  expect(texts).not.toContain('"value":60');
});

test('queries, with variables replaced', () => {
  expect(dashboardQueries(logAlertingDashboard({ alert, slackInbox }))).toMatchInlineSnapshot(`
[
  "sum by (namespace, app) (rate({namespace=~".+", app=~".+"}[1m]))",
  "sort_desc(topk(10, sum by (namespace, app) (rate({namespace=~".+", app=~".+"}[1m]))))",
  "sum by (namespace, app) (count_over_time({namespace=~".+", app=~".+"} | detected_level=~"error|critical|fatal" [1m]))",
  "{namespace="demo", app="slack-inbox"} | json body="body" | line_format "{{.body}}" | json title="attachments[0].title", text="attachments[0].text" | __error__="" | line_format "{{.title}}\\n{{.text}}" | drop body, title, text",
  "{namespace=~".+", app=~".+"}",
]
`);
});

test('queries and links are valid LogQL', () => {
  const dashboard = logAlertingDashboard({ alert, slackInbox });
  const linked = (dashboard.links ?? []).map(({ tooltip }) => tooltip);

  for (const query of [...dashboardQueries(dashboard), ...linked]) expect(parseLogQL(query).problems).toEqual([]);
});

test('Slack messages are only shown with a slack-inbox', () => {
  const titles = panels(logAlertingDashboard({ alert })).map(({ title }) => title);

  expect(titles).not.toContain('Slack messages');
  expect(panels().map(({ title }) => title)).toContain('Slack messages');
});

test('the history and the annotations of alerts are only shown with events', () => {
  const eventLog = { namespace: 'logging', app: 'alertmanager' };
  const dashboard = logAlertingDashboard({ alert, eventLog });
  const added = panels(dashboard).slice(panels(logAlertingDashboard({ alert })).length);

  expect(added.map(({ title, type }) => `${title}: ${type}`)).toEqual([
    'Notifications: logs',
    'Silenced and inhibited: logs',
    'Failed notifications: logs',
  ]);
  expect(dashboard.annotations.list).toMatchObject([
    { name: 'Firing alerts', enable: true, iconColor: 'red', datasource: { type: 'loki', uid: '$datasource' } },
    { name: 'Resolved alerts', enable: true, iconColor: 'green', datasource: { type: 'loki', uid: '$datasource' } },
  ]);
  for (const query of dashboardQueries(dashboard)) expect(parseLogQL(query).problems).toEqual([]);
  expect(logAlertingDashboard({ alert }).annotations.list).toEqual([]);
});

test('runbookUrl links to the runbook panel', () => {
  const runbook = '## HighLogRate\nLook at what it logs.';
  const shown = panels(logAlertingDashboard({ alert, runbook })).find(({ title }) => title === 'Runbook');

  expect(shown).toMatchObject({ type: 'text', options: { mode: 'markdown', content: runbook } });
  expect(runbookUrl({ grafanaUrl: 'http://localhost:3000/' })).toBe(
    `http://localhost:3000/d/log-alerting?viewPanel=panel-${shown?.id}`,
  );
});

test("panels of the rate show the alert's threshold", () => {
  const [rate, talkers] = panels(logAlertingDashboard({ alert: { ...alert, threshold: 7 } }));

  for (const panel of [rate, talkers]) {
    expect(panel?.fieldConfig?.defaults.thresholds?.steps).toEqual([
      { value: null, color: 'green' },
      { value: 7, color: 'red' },
    ]);
    expect(panel?.targets?.[0]).toMatchObject({
      expr: expect.stringContaining(alert.rate('{namespace=~"$namespace", app=~"$app"}')),
    });
  }
});

test('ids are unique, and all panels with queries use the chosen Loki', () => {
  const eventLog = { namespace: 'logging', app: 'alertmanager' };
  const all = panels(logAlertingDashboard({ alert, slackInbox, eventLog, runbook: 'x' }));

  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { type, datasource, targets = [] } of all) {
    if (type === 'alertlist' || type === 'text') continue;
    expect(datasource).toEqual({ type: 'loki', uid: '$datasource' });
    expect(targets).toEqual([expect.objectContaining({ datasource, refId: 'A' })]);
  }
});

test('the datasource is the first variable: any Loki, by default the one of the stack', () => {
  const { list = [] } = logAlertingDashboard({ alert }).templating;

  expect(list[0]).toMatchObject({
    name: 'datasource',
    type: 'datasource',
    query: 'loki',
    current: { text: 'Loki', value: 'loki' },
  });
  expect(list.slice(1).map(({ name, datasource }) => [name, datasource?.uid])).toEqual([
    ['namespace', '$datasource'],
    ['app', '$datasource'],
  ]);
});

test("lists the alerts of the stack's Loki, or those of all datasources with tenants", () => {
  const source = (tenants: boolean) =>
    panels(logAlertingDashboard({ alert, tenants })).find(({ title }) => title === 'Alerts')?.options?.datasource;

  expect([source(false), source(true)]).toEqual(['Loki', '']);
});

test('links open Explore of the chosen Loki with all logs, and with the rate', () => {
  const { links = [] } = logAlertingDashboard({ alert });

  // As Grafana does: the variable is in the address as it is, for its encoded form would stay.
  const chosen = links.map(({ url = '' }) => url.replaceAll('$datasource', 'other'));
  const panes = chosen.map((url) => JSON.parse(new URL(url, 'http://x').searchParams.get('panes') ?? ''));
  expect(panes.map(({ logs }) => logs.queries[0].expr)).toEqual(['{job=~".+"}', alert.rate('{job=~".+"}')]);
  for (const { logs } of panes) {
    expect([logs.datasource, logs.queries[0].datasource]).toEqual(['other', { type: 'loki', uid: 'other' }]);
  }
});

test('is deterministic, and serializable as JSON', () => {
  const dashboard = logAlertingDashboard({ alert, slackInbox });

  expect(JSON.stringify(logAlertingDashboard({ alert, slackInbox }))).toBe(JSON.stringify(dashboard));
  expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
});

test('dashboardQueries rejects a variable without a value', () => {
  const dashboard = logAlertingDashboard({ alert: { ...alert, rate: () => 'rate({app="$nope"}[1m])' } });

  expect(() => dashboardQueries(dashboard)).toThrow('query rate({app="$nope"}[1m]): $nope has no value');
});
