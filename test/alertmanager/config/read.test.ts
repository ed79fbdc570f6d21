import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlertmanagerConfig } from '../../../lib/alertmanager/config/read';
import { toYaml } from '../../../lib/alertmanager/config/write';
import { formatFinding, formatMessage } from '../../../lib/checks/findings';
import fc, { anyCharacter, runs } from '../../support/properties';
import { mutated, routingConfig } from '../arbitrary';
import { findingsOf } from '../verdict';

const EVERYTHING = readFileSync(join(__dirname, '../everything.yml'), 'utf8');

const MINIMAL = 'receivers:\n  - name: devnull\nroute:\n  receiver: devnull\n';

describe('readAlertmanagerConfig', () => {
  test('converts scalars to the type of the field', () => {
    const { config } = readAlertmanagerConfig(
      `route: {receiver: 5, continue: off, group_by: [yes, 1_0], match: {a: , b: 0x10}}
receivers:
- name: '5'
  telegram_configs: [{chat_id: -0x10, send_resolved: yes, message: 2026-01-01, api_url: null}]
  webhook_configs: [{payload: {a: [yes, 010, 1.5, ~, 'no']}}]
templates:
`,
      'f',
    );
    expect(config).toEqual({
      route: { receiver: '5', continue: false, group_by: ['yes', '1_0'], match: { a: '', b: '0x10' } },
      receivers: [
        {
          name: '5',
          telegram_configs: [{ chat_id: -16, send_resolved: true, message: '2026-01-01' }],
          webhook_configs: [{ payload: { a: [true, 8, 1.5, null, 'no'] } }],
        },
      ],
    });
  });

  test('resolves anchors, aliases and merge keys', () => {
    const { config } = readAlertmanagerConfig(
      `receivers: [{name: &name r}, {name: s}]
route:
  receiver: *name
  routes:
    - &base {group_wait: 1s, matchers: &m [a="b"]}
    - {<<: *base, receiver: s}
    - {<<: [{group_wait: 3s}, *base], matchers: *m}
`,
      'f',
    );
    expect(config?.route).toEqual({
      receiver: 'r',
      routes: [
        { group_wait: '1s', matchers: ['a="b"'] },
        { group_wait: '1s', matchers: ['a="b"'], receiver: 's' },
        { group_wait: '3s', matchers: ['a="b"'] },
      ],
    });
  });

  test('ignores a byte order mark and Windows line ends', () => {
    const text = `\ufeff${MINIMAL}  groupby: [a]\n`.replaceAll('\n', '\r\n');
    expect(findingsOf(text, 'f').map(formatFinding)).toEqual([expect.stringMatching(/^f:5:3: error: route.groupby: /)]);
  });

  test('rejects aliases that expand exponentially', () => {
    const levels = Array.from({ length: 12 }, (_each, i) => `  x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}]\n`).join(
      '',
    );
    expect(findingsOf(`${MINIMAL}tracing:\n  x0: &x0 [a]\n${levels}`).map(formatMessage)).toEqual([
      'aliases expand to too many values: write the values out',
    ]);
  });

  test.each([
    ['nested lists', '['.repeat(20_000)],
    ['nested routes', `${MINIMAL}  routes: [${'{routes: ['.repeat(200)}${']}'.repeat(200)}]\n`],
    ['a zip file', 'PK\u0003\u0004\u0014\u0000\u0008'],
    ['more than 1 MiB', `${MINIMAL}#${'x'.repeat(1024 * 1024)}`],
    ['many anchors', `${MINIMAL}  group_by: [${'&a x, *a, '.repeat(5_000)}]`],
    ['many names', `${MINIMAL}${Array.from({ length: 10_000 }, (_each, i) => `a${i}: b\n`).join('')}`],
    ['the name of a prototype', `${MINIMAL}  __proto__: {receiver: x}\n  constructor: 1\n`],
  ])('rejects %s', (_name, text) => {
    expect(findingsOf(text).filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });

  test.each(['start_time', 'end_time'])('rejects a range of times without %s', (missing) => {
    const times = { start_time: '08:00', end_time: '17:00', [missing]: undefined };
    const interval = `time_intervals: [{ name: a, time_intervals: [{ times: [${JSON.stringify(times)}] }] }]\n`;
    const used = `${MINIMAL}  routes: [{ receiver: devnull, matchers: [a=b], active_time_intervals: [a] }]\n`;

    expect(findingsOf(used + interval).map(formatMessage)).toEqual([
      `time_intervals[0].time_intervals[0].times[0]: missing field "${missing}": add it`,
    ]);
  });

  test('never throws', () => {
    const line = fc.constantFrom(...EVERYTHING.split('\n'));
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 200 }),
      fc.array(fc.oneof(line, fc.string({ maxLength: 20 })), { maxLength: 30 }).map((lines) => lines.join('\n')),
      mutated(EVERYTHING),
    );
    fc.assert(
      fc.property(text, (each) => {
        for (const finding of findingsOf(each, 'f'))
          expect(formatFinding(finding)).toMatch(/^f:\d+:\d+: (error|warning): .* \[[a-z-]+\]$/s);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('toYaml', () => {
  test('round-trips through readAlertmanagerConfig', () => {
    fc.assert(
      fc.property(routingConfig, (config) => {
        expect(readAlertmanagerConfig(toYaml(config), 'f')).toMatchObject({ config, findings: [] });
      }),
    );
  });

  test('round-trips any text', () => {
    const text = fc.string({ unit: anyCharacter }).filter((each) => !/\p{Surrogate}/u.test(each));
    fc.assert(
      fc.property(text, (title) => {
        const config = {
          route: { receiver: 'r' },
          receivers: [{ name: 'r', slack_configs: [{ title, text: 'yes' }] }],
        };
        expect(readAlertmanagerConfig(toYaml(config), 'f')).toMatchObject({ config, findings: [] });
      }),
    );
  });

  test('writes sections in a fixed order and multi-line strings as block literals', () => {
    expect(
      toYaml({
        receivers: [{ name: 'r', slack_configs: [{ api_url_file: '/x', text: 'a\n{{ b }}\n' }] }],
        route: { receiver: 'r' },
        global: { resolve_timeout: '5m' },
      }),
    ).toMatchInlineSnapshot(`
"global:
  resolve_timeout: 5m
route:
  receiver: r
receivers:
  - name: r
    slack_configs:
      - api_url_file: /x
        text: |
          a
          {{ b }}
"
`);
  });
});
