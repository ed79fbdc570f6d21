import { formatMessage } from '../../../lib/checks/findings';
import { checkLogAlerting } from '../../../lib/stack/check-stack';
import { PROPS } from '../../manifests/synth';

/** Returns the findings on the demo with some options. */
const found = (options: object) => checkLogAlerting({ ...PROPS, ...options } as typeof PROPS).map(formatMessage);
const ofPipeline = (collectorPipeline: object) => found({ collectorPipeline });

test('accepts rules of each kind', () => {
  const selected = { namespaces: ['mall'], pods: ['shop-*'], containers: ['till'] };

  expect(
    found({
      cluster: 'prod-eu',
      journald: true,
      collectorPipeline: {
        multiline: [
          { ...selected, preset: 'java' },
          { firstLine: String.raw`^\d{4}-`, maxWait: '500ms', maxLines: 2 },
        ],
        drop: [{ ...selected, pattern: String.raw`\bhealthz\b` }],
        redact: [
          { preset: 'credentials' },
          { preset: 'emails' },
          { ...selected, pattern: '(?P<key>pin)=([0-9])+', replacement: '${key}${2}$1$$' },
          { pattern: 'x', replacement: '' },
        ],
      },
    }),
  ).toEqual([]);
});

test.each<[string, object, string]>([
  ['no rule', { drop: [] }, "option 'collectorPipeline.drop': is empty: add a rule, or remove the option"],
  [
    'an unknown preset',
    { multiline: [{ preset: 'ruby' }] },
    `option 'collectorPipeline.multiline.0.preset': expected ("java" | "python" | "go" | "dotnet"), got "ruby"`,
  ],
  [
    'an unknown kind of text',
    { redact: [{ preset: 'names' }] },
    `option 'collectorPipeline.redact.0.preset': expected ("credentials" | "emails"), got "names"`,
  ],
  [
    'a rule without an expression',
    { multiline: [{ namespaces: ['mall'] }] },
    "option 'collectorPipeline.multiline.0': has neither preset nor firstLine: add one of the two",
  ],
  [
    'both expressions',
    { multiline: [{ preset: 'go', firstLine: 'a' }] },
    "option 'collectorPipeline.multiline.0': has both preset and firstLine: remove one of the two",
  ],
  [
    'neither text nor kind to redact',
    { redact: [{}] },
    "option 'collectorPipeline.redact.0': has neither preset nor pattern: add one of the two",
  ],
  [
    'a replacement of a preset',
    { redact: [{ preset: 'emails', replacement: 'x' }] },
    "option 'collectorPipeline.redact.0': has a replacement, which a preset has itself: remove it, or use pattern",
  ],
  [
    'an invalid expression',
    { drop: [{ pattern: '(?!a)' }] },
    `option 'collectorPipeline.drop.0.pattern': "(?!a)" is not a valid regular expression: invalid or unsupported Perl syntax: \`(?!\`: use the syntax of RE2, https://github.com/google/re2/wiki/Syntax`,
  ],
  ...['', 'x*', '^', '$', String.raw`\b`, String.raw`\B`, '(?m)^', 'a|', String.raw`\bx?`, String.raw`^\s*$`].map(
    (pattern): [string, object, string] => [
      `${JSON.stringify(pattern)}, which matches no character`,
      { redact: [{ pattern }] },
      `option 'collectorPipeline.redact.0.pattern': ${JSON.stringify(pattern)} matches the empty text, and so every line: require at least one character, e.g. with + instead of *`,
    ],
  ),
  [
    'an empty list of namespaces',
    { drop: [{ namespaces: [], pattern: 'a' }] },
    "option 'collectorPipeline.drop.0.namespaces': is empty, so the rule selects nothing: add a name, or remove the option for all",
  ],
  [
    'an expression for pods',
    { drop: [{ pods: ['shop-.+'], pattern: 'a' }] },
    `option 'collectorPipeline.drop.0.pods.0': "shop-.+" is not a name of a pod: use a-z, 0-9, -, . and *, e.g. shop-*`,
  ],
  [
    'a pattern for containers',
    { drop: [{ containers: ['*'], pattern: 'a' }] },
    `option 'collectorPipeline.drop.0.containers.0': "*" is not a name of a container: use a-z, 0-9 and -`,
  ],
  [
    'a long wait',
    { multiline: [{ preset: 'go', maxWait: '2m' }] },
    `option 'collectorPipeline.multiline.0.maxWait': "2m" is longer than a minute, by which every alert on the last line would be late: use e.g. "5s"`,
  ],
  [
    'one line',
    { multiline: [{ preset: 'go', maxLines: 1 }] },
    "option 'collectorPipeline.multiline.0.maxLines': 1 is not a number of lines: use a whole number from 2 to 5000",
  ],
  [
    'a group and a letter without braces',
    { redact: [{ pattern: '(a)', replacement: '$1x' }] },
    `option 'collectorPipeline.redact.0': refers to $1x in replacement "$1x", but its pattern has no group "1x": write \${1} in braces`,
  ],
  [
    'a group that does not exist',
    { redact: [{ pattern: '(?P<key>a)', replacement: '${kye} $2' }] },
    `option 'collectorPipeline.redact.0': refers to \${kye} in replacement "\${kye} $2", but its pattern has no group "kye": add the group, or write $$ for a dollar sign`,
  ],
  [
    'a single dollar sign',
    { redact: [{ pattern: 'a', replacement: 'US$' }] },
    `option 'collectorPipeline.redact.0': has a single $ in replacement "US$": write $$ for a dollar sign`,
  ],
  [
    'an unknown option',
    { redacted: [] },
    "option 'collectorPipeline.redacted': is not an option: use one of multiline, drop, redact; did you mean 'redact'?",
  ],
])('rejects %s', (_, collectorPipeline, message) => {
  expect(ofPipeline(collectorPipeline)).toContain(message);
});

test.each<[string, object, string]>([
  [
    'an invalid name of the cluster',
    { cluster: 'prod eu' },
    `option 'cluster': "prod eu" is not a valid name of a cluster: use up to 63 of a-z, A-Z, 0-9, -, _ and ., starting and ending with a letter or digit`,
  ],
  [
    'an alert with another cluster',
    {
      cluster: 'prod-eu',
      rules: [
        {
          name: 'a.yaml',
          groups: [
            {
              name: 'a',
              rules: [
                {
                  alert: 'Errors',
                  expr: 'sum by (namespace) (rate({job=~".+"}[5m])) > 1',
                  labels: { severity: 'warning', cluster: 'prod-us' },
                },
              ],
            },
          ],
        },
      ],
    },
    `option 'cluster': is "prod-eu", but alert 'Errors' sets the label cluster to "prod-us": remove the label from the rule, or the option`,
  ],
  [
    'the journal with the OpenTelemetry Collector',
    { collector: 'opentelemetry', journald: true },
    "option 'journald': is only supported by the collector 'promtail', since the image of the OpenTelemetry Collector has no journalctl: set collector: 'promtail', or remove the option and run a collector of your own for the journal",
  ],
])('rejects %s', (_, options, message) => {
  expect(found(options)).toContain(message);
});

test('rules know the label of the cluster', () => {
  const rules = [
    {
      name: 'a.yaml',
      groups: [
        {
          name: 'a',
          rules: [
            {
              alert: 'Errors',
              expr: 'sum by (cluster, namespace) (rate({cluster="prod-eu"}[5m])) > 1',
              labels: { severity: 'warning' },
            },
          ],
        },
      ],
    },
  ];
  const problems = (options: object) => found({ rules, rateAlert: undefined, ...options }).join('\n');

  expect(problems({})).toMatch(/unknown|cluster/);
  expect(problems({ cluster: 'prod-eu' })).not.toMatch(/cluster/);
});
