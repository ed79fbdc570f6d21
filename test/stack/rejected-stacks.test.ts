import { PROPS } from '../manifests/synth';
import { synthErrors } from './synth-errors';

const shop = (alert: string) => ({ name: 'shop', rules: [{ alert, expr: 'sum(rate({app="shop"}[1m])) > 0' }] });

describe('rejects, and writes nothing:', () => {
  test('invalid options, rules and routes, all at once', () => {
    const lines = synthErrors({
      demo: { rate: 0 },
      loki: { storage: '5GB' },
      rules: [{ name: 'shop.yaml', groups: [shop('A'), shop('B')] }],
      routing: { routes: [{ matchers: ['team="shop"'], receiver: 'lost' }] },
      typo: true,
      grafanUrl: 'http://localhost:3000',
    });

    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^error: option 'demo.rate': 0 is not a whole number above 0.* \[option\]$/),
        expect.stringMatching(/^error: option 'loki.storage': "5GB" is not a valid Kubernetes quantity/),
        expect.stringMatching(/^error: option 'typo': is not an option/),
        expect.stringMatching(/^error: option 'grafanUrl': is not an option.*; did you mean 'grafanaUrl'/),
        expect.stringMatching(/^error: .*shop.*\[group-name-repeated\]$/),
        expect.stringMatching(/^error: .*"lost"/),
      ]),
    );
  });

  test('two alerts with the same name', () => {
    const rules = [...PROPS.rules, ...PROPS.rules.map((file) => ({ ...file, name: `twin-${file.name}` }))];

    expect(synthErrors({ rules })).toContainEqual(expect.stringMatching(/^error: .*\[alert-name-repeated\]$/));
  });

  test('an unknown severity and a duplicate receiver at once', () => {
    const routes = [{ matchers: ['severity="fatal"'], receiver: 'default-catchall-slack' }];
    const lines = synthErrors({ routing: { routes, receivers: [{ name: 'default-catchall-slack' }] } });

    expect(lines).toContainEqual(expect.stringMatching(/\[alertmanager-duplicate-name\]$/));
    expect(lines).toContainEqual(expect.stringMatching(/\[route-unknown-severity\]$/));
  });

  test('two receivers with the same name', () => {
    const receivers = [{ name: 'shop' }, { name: 'shop' }];

    expect(synthErrors({ routing: { receivers } })).toContainEqual(expect.stringMatching(/^error: .*shop/));
  });

  test("a receiver with the name of one of the stack's own", () => {
    const receivers = [{ name: 'default-catchall-slack' }];

    expect(synthErrors({ routing: { receivers } })).toContainEqual(
      expect.stringMatching(/^error: .*default-catchall-slack/),
    );
  });

  test('a webhook of a real Slack in a receiver', () => {
    const receivers = [
      { name: 'shop', slack_configs: [{ api_url: 'https://hooks.slack.com/services/T0/B0/hunter2' }] },
    ];
    const lines = synthErrors({ routing: { receivers } });

    expect(lines).toContainEqual(expect.stringMatching(/^error: receiver 'shop'/));
    expect(lines.join()).not.toContain('hunter2');
  });

  test('a route for a severity that does not exist', () => {
    const routes = [{ matchers: ['severity="fatal"'], receiver: 'default-catchall-slack' }];

    expect(synthErrors({ routing: { routes } })).toContainEqual(expect.stringMatching(/fatal/));
  });

  test('warnings, with strict', () => {
    const rules = [
      ...PROPS.rules,
      {
        name: 'b.yaml',
        groups: [{ ...shop('B'), rules: [{ alert: 'B', for: '1s', expr: 'sum(rate({app="a"}[1m])) > 0' }] }],
      },
    ];

    expect(synthErrors({ rules, strict: true })).toEqual([
      expect.stringMatching(/^warning: .*\[for-below-interval\]$/),
    ]);
  });

  test('a namespace with the name of another construct in the app, because its chart is named after it', () => {
    expect(synthErrors({ namespaces: { logging: 'log-alerting' } })).toEqual([
      expect.stringMatching(
        /^error: option 'namespaces\.logging': "log-alerting" is also the name of another construct, and a chart is named after its namespace: rename one of the two \[option\]$/,
      ),
    ]);
  });
});
