import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFinding } from '../../../lib/checks/findings';
import { invalidConfigs } from '../cases';
import { invalidTemplates } from '../cases/templates';
import { findingsOf } from '../verdict';

/** Findings in the form of `cases.ts`. */
function lines(yaml: string, version?: string): string[] {
  return findingsOf(yaml, 'f', version).map((finding) =>
    formatFinding(finding).replace(/^f:(\d+:\d+): (error|warning): /, '$1: '),
  );
}

/** Matches a text in which `…` is a wildcard. */
function like(text: string): RegExp {
  return new RegExp(`^${text.split('…').map(escaped).join('.*')}$`, 's');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

describe.each(Object.entries(invalidConfigs))('rejects, as Alertmanager does: %s', (_subject, cases) => {
  test.each(cases)('$finding', ({ yaml, finding }) => {
    expect(lines(yaml)).toContainEqual(expect.stringMatching(like(finding)));
  });
});

test.each(invalidTemplates)('reports invalid templates before Alertmanager notifies: $finding', ({ yaml, finding }) => {
  expect(lines(yaml)).toEqual([expect.stringMatching(like(finding))]);
});

test('the config with everything has no errors', () => {
  const text = readFileSync(join(__dirname, '../everything.yml'), 'utf8');
  expect(findingsOf(text).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('accepts fields since Alertmanager 0.34', () => {
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

test('reports all errors at once, with their places', () => {
  expect(
    lines(`route:
  receiver: lost
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
  "2:13: route.receiver: undefined receiver "lost": add it to receivers, or correct the name [route-undefined-receiver]",
  "3:15: route.group_wait: invalid duration "5": use whole numbers with units, e.g. 30s, 5m or 1h30m [alertmanager-value]",
  "4:3: route.grupby: unknown field "grupby": correct the name, or remove it; did you mean 'group_by'? [alertmanager-unknown-field]",
  "6:5: receiver 'r': is not used by any route, so it never sends a notification: add a route to it, or remove it [receiver-unused]",
  "7:5: receiver 'r': slack_configs: the fields channel, api_url are 2 integrations, each of which sends a message: remove the dash before all fields but the first [receiver-split]",
  "8:9: receiver 'r': slack_configs[0]: missing field "api_url_file": add it, or global.slack_api_url_file [receiver-incomplete]",
  "9:18: receiver 'r': slack_configs[1].api_url: is a webhook of hooks.slack.com, and anyone with its URL can post there, in a file that is committed: put the credential in a Secret, and the path of its file in api_url_file [inline-secret]",
]
`);
});
