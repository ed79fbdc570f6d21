import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFinding } from '../../lib/findings';
import { badTemplates, refused } from './cases';
import { findingsOf } from './verdict';

/** As `cases.ts` writes them. */
function lines(yaml: string, version?: string): string[] {
  return findingsOf(yaml, 'f', version).map((finding) =>
    formatFinding(finding).replace(/^f:(\d+:\d+): (error|warning): /, '$1: '),
  );
}

/** The text, with `…` for anything. */
function like(text: string): RegExp {
  return new RegExp(`^${text.split('…').map(escaped).join('.*')}$`, 's');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe.each(Object.entries(refused))('refuses, as Alertmanager does: %s', (_subject, cases) => {
  test.each(cases)('$finding', ({ yaml, finding }) => {
    expect(lines(yaml)).toContainEqual(expect.stringMatching(like(finding)));
  });
});

test.each(badTemplates)('finds bad templates before Alertmanager must notify: $finding', ({ yaml, finding }) => {
  expect(lines(yaml)).toEqual([expect.stringMatching(like(finding))]);
});

test('the config with everything has no errors', () => {
  const text = readFileSync(join(__dirname, 'everything.yml'), 'utf8');
  expect(findingsOf(text).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('fields since Alertmanager 0.34', () => {
  expect(
    lines(
      `receivers: [{name: blackhole}]
route: {receiver: blackhole, labels: {tier: '{{ .CommonLabels.tier }}'}}
event_recorder: {webhook_outputs: [{url: http://x, batch: true, batch_max_events: 5}], stdout_outputs: [{}]}
`,
      '0.34.1',
    ),
  ).toEqual([]);
});

test('all errors come at once, each with its place', () => {
  expect(
    lines(`route:
  receiver: nobody
  group_wait: 5
  grupby: [a]
receivers:
  - name: r
    slack_configs:
      - channel: x
      - api_url: https://hooks.slack.com/services/T0/B0/x
`),
  ).toMatchInlineSnapshot(`
[
  "2:13: route.receiver: the receiver 'nobody' does not exist: add it to receivers, or correct its spelling [route-undefined-receiver]",
  "3:15: route.group_wait: "5" is no duration: write whole numbers with units from large to small, for instance 30s, 5m or 1h30m [alertmanager-value]",
  "4:3: route.grupby: Alertmanager knows no field 'grupby' here and would not start: correct its spelling, or remove it [alertmanager-unknown-field]",
  "6:5: receiver 'r': no route uses the receiver 'r', so it never tells anything: route alerts to it, or remove it [receiver-unused]",
  "8:9: receiver 'r': slack_configs[0]: Alertmanager would not start without api_url_file: add it here, or global.slack_api_url_file [receiver-incomplete]",
  "9:18: receiver 'r': slack_configs[1].api_url: is a webhook of hooks.slack.com, and whoever has its URL can post there. This file is committed and shown to others: put it into a file, and its path into api_url_file [inline-secret]",
]
`);
});
