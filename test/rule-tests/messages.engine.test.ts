import { got, useTester } from './tester';

const run = useTester();

const RULES = `groups:
  - name: g
    rules:
      - { alert: Down, expr: 'sum by (app) (count_over_time({app=~".+"} |= "down" [1m])) > 0', labels: { severity: critical } }
      - { alert: Slow, expr: 'sum by (app) (count_over_time({app=~".+"} |= "slow" [1m])) > 0', labels: { severity: warning } }
`;

const CONFIG = `route:
  receiver: 'null'
  group_by: [alertname]
  group_wait: 10m
  routes:
    - { matchers: [severity="critical"], receiver: hook, continue: true }
    - { matchers: [severity="critical"], receiver: mail }
    - { matchers: [severity="warning"], receiver: slack, mute_time_intervals: [always] }
receivers:
  - name: 'null'
  - { name: hook, webhook_configs: [{ url_file: /secret }] }
  - { name: mail, email_configs: [{ to: a@example.com, from: b@example.com, smarthost: 'mail.example.com:25' }] }
  - { name: slack, slack_configs: [{ api_url_file: /secret, send_resolved: true, title: '{{ .Status }} {{ range .Alerts.Firing }}+{{ .Labels.app }}{{ end }}{{ range .Alerts.Resolved }}-{{ .Labels.app }}{{ end }}' }] }
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [app] }
time_intervals:
  - { name: always, time_intervals: [{ weekdays: ['sunday:saturday'] }] }
`;

const lines = (app: string, ...entries: string[]) => `{ labels: { app: ${app} }, lines: [${entries.join(', ')}] }`;

test('an alert is in messages from its latest evaluation to the next', async () => {
  const rules = RULES.replace('- name: g\n', '- name: g\n    interval: 5m\n').replace(
    '      - { alert: Slow',
    '  - name: often\n    rules:\n      - { alert: Slow',
  );
  const [result] = await run(
    rules,
    `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 5m, line: a is down }', '{ at: 7m, line: slow }')}
    notification_test:
      - { eval_time: 5m, exp_notifications: [{ receiver: hook, status: firing }, { receiver: mail, status: firing }] }
      - { eval_time: 6m, exp_notifications: [] }
      - { eval_time: 9m, exp_notifications: [] }
      - { eval_time: 10m, exp_notifications: [{ receiver: hook, status: resolved }] }
`,
    { 'alertmanager.yml': CONFIG },
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});

test('applies routes, inhibition and grouping to firing and resolved alerts', async () => {
  const [result] = await run(
    RULES,
    `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 1m, line: slow }')}
      - ${lines('b', '{ at: 1m, line: slow b }', '{ at: 2m, line: slow b }', '{ at: 3m, line: slow b }', '{ at: 5m, line: b is down }')}
    notification_test:
      - eval_time: 1m
        exp_notifications: [{ receiver: slack, status: firing, title: 'firing +a+b' }]
      - eval_time: 2m
        exp_notifications: [{ receiver: slack, status: firing, title: 'firing +b-a' }]
      # No change.
      - { eval_time: 3m, exp_notifications: [] }
      - eval_time: 4m
        exp_notifications: [{ receiver: slack, status: resolved, title: 'resolved -b' }]
      - eval_time: 5m
        exp_notifications:
          - { receiver: hook, status: firing, body: { groupLabels: { alertname: Down }, alerts: [{ labels: { app: b } }] } }
          - { receiver: mail, status: firing }
      # Email integrations do not send resolved alerts by default.
      - eval_time: 6m
        exp_notifications: [{ receiver: hook, status: resolved }]
`,
    { 'alertmanager.yml': CONFIG },
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});

test('sends firing and resolved for an alert between two tests, and inhibits the warning of the same app', async () => {
  const [result] = await run(
    RULES,
    `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 1m, line: slow }', '{ at: 3m, line: slow and down }')}
    notification_test:
      - eval_time: 2m
        exp_notifications:
          - { receiver: slack, status: firing }
          - { receiver: slack, status: resolved }
      - eval_time: 3m
        exp_notifications:
          - { receiver: hook, status: firing }
          - { receiver: mail, status: firing }
`,
    { 'alertmanager.yml': CONFIG },
  );
  expect(got(result)).toEqual([]);
});

test('reports invalid routes with their place', async () => {
  await expect(
    run(
      RULES,
      `alertmanager_config: alertmanager.yml\ntests:\n  - notification_test: [{ eval_time: 1m, exp_notifications: [] }]\n`,
      {
        'alertmanager.yml': 'route: { receiver: unknown, group_wait: 1x }\nreceivers: []\n',
      },
    ),
  ).rejects.toThrow(/alertmanager.yml:1:\d+: error/);
});

const slackTest = (title: string) =>
  run(
    RULES,
    `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 1m, line: slow }')}
    notification_test:
      - eval_time: 1m
        exp_notifications: [{ receiver: slack, status: firing }]
`,
    { 'alertmanager.yml': CONFIG.replace(/title: '[^']*'/, `title: '${title}', text: shown, channel: '#a'`) },
  );

test('a template that fails for the alerts of a test fails the test, also if it expects no more than the status', async () => {
  const [result] = await slackTest('{{ (index .Alerts.Firing 1).Labels.app }}');

  expect(result?.passed).toBe(false);
  expect(got(result)).toEqual([
    [{ receiver: 'slack', status: undefined, failure: 'a template fails, so all fields after it are empty' }],
  ]);
  expect(result?.checks.map(({ failed }) => failed)).toEqual([true]);
});

test('a template that fails for all alerts is reported with its place', async () => {
  await expect(slackTest('{{ .Labels.app }}')).rejects.toThrow(
    /alertmanager\.yml:\d+:\d+: error: receiver 'slack': .*title: the template fails: Data has no field "Labels"/,
  );
});

describe('the app of Slack', () => {
  const config = (options: string) =>
    CONFIG.replace(
      'api_url_file: /secret, send',
      `app_token_file: /secret, channel: '#{{ .CommonLabels.alertname }}', ${options}, send`,
    );

  const TEST = (expected: readonly string[][]) => `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 1m, line: slow }', '{ at: 2m, line: slow }', '{ at: 4m, line: slow }')}
      - ${lines('b', '{ at: 2m, line: slow b }')}
    notification_test:
${expected.map((messages, i) => `      - { eval_time: ${i + 1}m, exp_notifications: [${messages.map((each) => `{ receiver: slack, channel: '#Slow', ${each} }`).join(', ')}] }\n`).join('')}`;

  const FIRING = "status: firing, title: 'firing +a'";
  const JOINED = "status: firing, title: 'firing +a+b'";
  const RESOLVED = "status: resolved, title: 'resolved -a-b'";
  const POSTED = 'sent_as: post';

  test.each<[string, string, (sent: string) => string[]]>([
    ['edits', 'update_message: true', (each) => [`sent_as: edit, ${each}`]],
    ['replies', 'post_updates_to_thread: true', (each) => [`sent_as: thread, ${each}`]],
    ['new messages', 'update_message: false', (each) => [`sent_as: post, ${each}`]],
    [
      'edits and replies',
      'update_message: true, post_updates_to_thread: true',
      (each) => [`sent_as: thread, ${each}`, `sent_as: edit, ${each}`],
    ],
  ])('%s, until its alerts are resolved', async (_, options, update) => {
    const expected = [[`${POSTED}, ${FIRING}`], update(JOINED), update(RESOLVED), [`${POSTED}, ${FIRING}`]];
    const [result] = await run(RULES, TEST(expected), { 'alertmanager.yml': config(options) });

    expect(result?.errors).toEqual([]);
    expect(got(result)).toEqual([]);
  });

  test('shows how an unexpected message was sent', async () => {
    const [result] = await run(RULES, TEST([[FIRING], []]), { 'alertmanager.yml': config('update_message: true') });

    expect(got(result)).toEqual([
      [{ receiver: 'slack', status: 'firing', sent_as: 'edit', title: 'firing +a+b', text: '' }],
    ]);
  });

  test('a template that fails fails the test', async () => {
    const failing = config('update_message: true').replace(/title: '[^']*'/, `title: '{{ (index .Alerts 9).Status }}'`);
    const [result] = await run(RULES, TEST([[FIRING]]), { 'alertmanager.yml': failing });

    expect(result?.checks.map(({ failed }) => failed)).toEqual([true]);
  });

  test('a template that only fails for an update fails the test', async () => {
    const failing = config('update_message: true').replace(
      /title: '[^']*'/,
      `title: '{{ if eq (len .Alerts) 2 }}{{ (index .Alerts 9).Status }}{{ end }}'`,
    );
    const [result] = await run(RULES, TEST([["status: firing, title: ''"], []]), { 'alertmanager.yml': failing });

    expect(result?.checks.map(({ failed }) => failed)).toEqual([undefined, true]);
  });
});

test('a message shows the lines that a template queries, of each alert and at its time', async () => {
  const samples =
    'samples: \'{{ range query (printf `sort_desc(topk(2, sum by (sample) (count_over_time({app=%q} | label_format sample="{{ regexReplaceAll \\"[0-9]+\\" __line__ \\"#\\" }}" [2m]))))` $labels.app) }}[{{ .Value }}x {{ .Labels.sample }}]{{ end }}\'';
  const text =
    '{{ range .Alerts.Firing }}{{ .Annotations.samples }} {{ end }}{{ range .Alerts.Resolved }}-{{ .Annotations.samples }} {{ end }}';
  const [result] = await run(
    RULES.replace('severity: warning } }', `severity: warning }, annotations: { ${samples} } }`),
    `alertmanager_config: alertmanager.yml
tests:
  - input_streams:
      - ${lines('a', '{ at: 1m, line: slow }')}
      - ${lines('c', '{ at: 3m, line: slow and gone }')}
      - ${lines('b', ...['1', '2', '3'].map((n) => `{ at: 0s, line: "slow ${n} <b> *x*" }`), ...['59s', '1m'].map((at) => `{ at: ${at}, line: "slow {{ .x }} \\"y\\"" }`), '{ at: 2m, line: slow now }')}
    notification_test:
      - eval_time: 1m
        exp_notifications: [{ receiver: slack, status: firing, text: '[1x slow] [3x slow # <b> *x*][2x slow {{ .x }} "y"] ' }]
      - eval_time: 2m
        exp_notifications: [{ receiver: slack, status: firing, text: '[2x slow {{ .x }} "y"][1x slow now] -[1x slow] ' }]
      - eval_time: 4m
        exp_notifications:
          - { receiver: slack, status: firing, text: '[2x slow {{ .x }} "y"][1x slow now] [1x slow and gone] ' }
          - { receiver: slack, status: resolved, text: '-[2x slow {{ .x }} "y"][1x slow now] -[1x slow and gone] ' }
`,
    { 'alertmanager.yml': CONFIG.replace(/title: '[^']*'/, `title: t, text: '${text}'`) },
  );
  expect(result?.errors).toEqual([]);
  expect(got(result)).toEqual([]);
});
