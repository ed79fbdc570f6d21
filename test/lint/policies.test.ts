import { stringify } from 'yaml';
import { parsedConfig } from '../../lib/lint/config/read';
import type { Config } from '../../lib/lint/config/schema';
import { readPaths } from '../../lib/lint/inputs';
import { checkPolicies } from '../../lib/lint/policies';
import { NO_PROGRESS } from '../../lib/lint/progress';
import { tempFolder } from '../support/temp-folder';

const folder = tempFolder();
const { write } = folder;

interface Alert {
  readonly expr?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Ids and problems of the findings on an alert. */
function found(config: Config, alert: Alert, routes?: object): string[] {
  const sourced = parsedConfig(write('loki-alerts.yaml', stringify(config)));
  expect(sourced.findings).toEqual([]);
  const rule = { alert: 'A', expr: 'sum by (app) (rate({namespace="shop"}[5m])) > 1', ...alert };
  const record = { record: 'a:b', expr: 'sum(rate({namespace="pay"}[5m]))' };
  const rules = write('rules.yaml', stringify({ groups: [{ name: 'g', rules: [rule, record] }] }));
  const paths = [rules, ...(routes ? [write('alertmanager.yml', stringify(routes))] : [])];
  return checkPolicies(readPaths(paths, NO_PROGRESS), sourced).map(({ id, problem }) => `${id}: ${problem}`);
}

describe('labels and annotations', () => {
  test.each<[string, Config, Alert, string[]]>([
    ['missing', { labels: { team: {} } }, {}, ['policy-label: missing label "team"']],
    ['empty', { labels: { team: {} } }, { labels: { team: '' } }, ['policy-label: missing label "team"']],
    ['present', { labels: { team: {} } }, { labels: { team: 'a' } }, []],
    ['optional', { labels: { team: { required: false, values: ['b'] } } }, {}, []],
    [
      'optional, with another value',
      { labels: { team: { required: false, values: ['b'] } } },
      { labels: { team: 'a' } },
      ['policy-label: label "team" must not be "a"'],
    ],
    ['returned by the expression', { labels: { app: {} } }, {}, []],
    ['a pattern', { labels: { team: { pattern: 'a|b' } } }, { labels: { team: 'b' } }, []],
    [
      'a pattern for the whole value',
      { labels: { team: { pattern: 'a|b' } } },
      { labels: { team: 'ab' } },
      ['policy-label: label "team" is "ab", which does not match a|b'],
    ],
    ['a template', { labels: { team: { values: ['b'] } } }, { labels: { team: '{{ $labels.app }}' } }, []],
    ['an annotation', { annotations: { app: {} } }, {}, ['policy-annotation: missing annotation "app"']],
  ])('%s', (_, config, alert, expected) => {
    expect(found(config, alert)).toEqual(expected);
  });
});

describe('runbooks', () => {
  const RUNBOOK = `# Runbook\n\n## High rate: \`web\`!\n\n## Same\n\n## Same\n\nSetext *text*\n---\n\n\`\`\`\n# code\n\`\`\`\n<a id="Anchor"></a>\n`;
  const config: Config = { runbooks: { folders: { 'https://example.com/blob/main/': '', 'https://docs/': 'docs' } } };

  test.each([
    ['https://example.com/blob/main/docs/a.md', undefined],
    ['https://docs/a.md#runbook', undefined],
    ['https://docs/a.md?plain=1#high-rate-web', undefined],
    ['https://docs/a.md#same-1', undefined],
    ['https://docs/a.md#setext-text', undefined],
    ['https://docs/a.md#anchor', undefined],
    ['docs/a.md#runbook', undefined],
    ['docs', undefined],
    ['https://docs/{{ $labels.app }}.md', undefined],
    ['https://elsewhere.example.com/a', undefined],
    ['/absolute/on/the/site', undefined],
    ['https://docs/a.md#code', 'has no heading "#code"'],
    ['https://docs/a.md#same-2', 'has no heading "#same-2"'],
    ['https://docs/b.md', 'does not exist'],
    ['docs/%', 'does not exist'],
  ])('%s', (link, problem) => {
    write('docs/a.md', RUNBOOK);
    const problems = found(config, { annotations: { runbook_url: link } });
    expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
  });

  test('uses the annotation of the configuration', () => {
    const named: Config = { runbooks: { annotation: 'runbook' } };
    expect(found(named, { annotations: { runbook: 'a.md', runbook_url: 'b.md' } })).toEqual([
      'policy-runbook: the runbook "a.md" does not exist',
    ]);
  });
});

describe('teams', () => {
  const teams: Config['teams'] = {
    shop: { namespaces: ['shop', 'shop-*'], severities: ['warning'], receivers: ['shop'] },
    pay: { namespaces: ['pay', 'shop-pay'] },
  };
  const expr = (selector: string) => `sum(rate({${selector}}[5m])) > 1`;

  test.each<[string, Alert, string[]]>([
    ['no team', {}, []],
    ['an unknown team', { labels: { team: 'shpo' } }, ['policy-team: unknown team "shpo"']],
    ['a template', { labels: { team: '{{ $labels.app }}' } }, []],
    ['an allowed severity', { labels: { team: 'shop', severity: 'warning' } }, []],
    [
      'another severity',
      { labels: { team: 'shop', severity: 'critical' } },
      ['policy-team: alerts of team "shop" must not have the severity "critical"'],
    ],
    ['any severity', { labels: { team: 'pay', severity: 'critical' }, expr: expr('namespace="pay"') }, []],
    ['an own pattern', { labels: { team: 'shop' }, expr: expr('namespace="shop-eu"') }, []],
    [
      'a foreign namespace',
      { labels: { team: 'shop' }, expr: expr('k8s_namespace_name="pay"') },
      ['policy-owner: reads the logs of namespace "pay", which team "pay" owns, for team "shop"'],
    ],
    [
      'alternatives',
      { labels: { team: 'pay' }, expr: expr('namespace=~"pay|shop-eu|none"') },
      ['policy-owner: reads the logs of namespace "shop-eu", which team "shop" owns, for team "pay"'],
    ],
    ['a namespace with two owners', { labels: { team: 'pay' }, expr: expr('namespace="shop-pay"') }, []],
    ['other matchers', { labels: { team: 'pay' }, expr: expr('namespace!="shop", namespace=~"shop.+"') }, []],
    ['an invalid expression', { labels: { team: 'pay' }, expr: 'rate({namespace="shop"}' }, []],
  ])('%s', (_, alert, expected) => {
    expect(found({ teams }, alert)).toEqual(expected);
  });

  const matcher = (matchers: string[], rest = {}) => ({ matchers, receiver: 'other', ...rest });
  const shop = { matchers: ['team="shop"'], receiver: 'shop' };
  const wrong = ['policy-receiver: alerts of team "shop" must not go to receiver "other"'];

  test.each<[string, object[], string[]]>([
    ['an allowed receiver', [shop], []],
    ['the root', [], ['policy-receiver: alerts of team "shop" must not go to receiver "root"']],
    ['another receiver', [matcher(['team="shop"'])], wrong],
    ['another one too', [matcher(['team="shop"'], { continue: true }), shop], wrong],
    ['another one before', [matcher(['severity=~"warning|info"']), shop], wrong],
    ['another one, for a label that may be set', [matcher(['app="web"']), shop], []],
    ['a nested route', [{ ...shop, routes: [matcher(['severity="warning"'])] }], wrong],
    ['a route that does not match', [matcher(['severity="critical"']), shop], []],
  ])('receivers: %s', (_, routes, expected) => {
    const receivers = ['root', 'other', 'shop'].map((name) => ({ name, webhook_configs: [{ url: 'http://inbox' }] }));
    const config = { route: { receiver: 'root', routes }, receivers };
    const alert = { labels: { team: 'shop', severity: 'warning' } };
    const problems = found({ teams }, alert, config).map((problem) => problem.replace(/, as the routes .*/, ''));
    expect(problems).toEqual(expected);
  });
});
