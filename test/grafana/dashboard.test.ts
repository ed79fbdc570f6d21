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

test('panels, their kinds and places', () => {
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

test('queries, with their variables replaced', () => {
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

test('queries are LogQL, in the links too', () => {
  const dashboard = logAlertingDashboard({ alert, slackInbox });
  const linked = (dashboard.links ?? []).map(({ tooltip }) => tooltip);

  for (const query of [...dashboardQueries(dashboard), ...linked]) expect(parseLogQL(query).problems).toEqual([]);
});

test('Slack messages are only shown where a slack-inbox is', () => {
  const titles = panels(logAlertingDashboard({ alert })).map(({ title }) => title);

  expect(titles).not.toContain('Slack messages');
  expect(panels().map(({ title }) => title)).toContain('Slack messages');
});

test('a runbook is the panel that its link shows', () => {
  const runbook = '## HighLogRate\nLook at what it logs.';
  const shown = panels(logAlertingDashboard({ alert, runbook })).find(({ title }) => title === 'Runbook');

  expect(shown).toMatchObject({ type: 'text', options: { mode: 'markdown', content: runbook } });
  expect(runbookUrl({ grafanaUrl: 'http://localhost:3000/' })).toBe(
    `http://localhost:3000/d/log-alerting?viewPanel=panel-${shown?.id}`,
  );
});

test("the alert's threshold is drawn into its own rate", () => {
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

test('ids are unique, and all panels with queries read Loki', () => {
  const all = panels(logAlertingDashboard({ alert, slackInbox, runbook: 'x' }));

  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { type, datasource, targets = [] } of all) {
    if (type === 'alertlist' || type === 'text') continue;
    expect(datasource).toEqual({ type: 'loki', uid: 'loki' });
    expect(targets).toEqual([expect.objectContaining({ datasource, refId: 'A' })]);
  }
});

test('links open Explore with all logs and with the rate', () => {
  const { links = [] } = logAlertingDashboard({ alert });

  const queries = links.map(({ url = '' }) => JSON.parse(new URL(url, 'http://x').searchParams.get('panes') ?? ''));
  expect(queries.map(({ logs }) => logs.queries[0].expr)).toEqual(['{job=~".+"}', alert.rate('{job=~".+"}')]);
});

test('is the same JSON each time, and JSON holds all of it', () => {
  const dashboard = logAlertingDashboard({ alert, slackInbox });

  expect(JSON.stringify(logAlertingDashboard({ alert, slackInbox }))).toBe(JSON.stringify(dashboard));
  expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
});

test('a variable without a value is an error that names the query', () => {
  const dashboard = logAlertingDashboard({ alert: { ...alert, rate: () => 'rate({app="$nope"}[1m])' } });

  expect(() => dashboardQueries(dashboard)).toThrow('query rate({app="$nope"}[1m]): $nope has no value');
});
