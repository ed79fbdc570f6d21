import {
  type AlertRule,
  checkRuleFiles,
  dashboardUrl,
  exploreUrl,
  type Finding,
  isAlert,
  logql,
  type Rule,
  type RuleFile,
  readRuleFiles,
  silent,
  wentSilent,
} from 'loki-alerts';
import { errors, heldWhileLate, highLogRate, pipeline } from 'loki-alerts/rules';

const links = { grafanaUrl: 'https://grafana.example.com' };

// Valid rules.
const expr = logql`sum by (app) (rate({app=${['a', 'b']}} |= ${'timeout'} [5m])) > ${10}` satisfies string;
const alert: AlertRule = { alert: 'Timeouts', expr, for: '5m', labels: { severity: 'warning' } };
const files: RuleFile[] = [
  errors(links),
  pipeline({ ...links, namespaces: ['logging'] }),
  { name: 'shop.yaml', groups: [{ name: 'shop', interval: '1m', rules: [alert, { record: 'shop:rate', expr }] }] },
  ...readRuleFiles('rules/*.yaml', { cwd: __dirname }),
];
checkRuleFiles(files, { evaluationInterval: '1m' }) satisfies Finding[];

export function nameOf(rule: Rule): string {
  return isAlert(rule) ? rule.alert : rule.record;
}

// @ts-expect-error a rule without an expression
({ alert: 'Timeouts', labels: { severity: 'warning' } }) satisfies Rule;

// @ts-expect-error a rule without a name
({ expr }) satisfies Rule;

// @ts-expect-error an unknown field
({ alert: 'Timeouts', expr, keep_firing_for: '5m' }) satisfies Rule;

// @ts-expect-error a recording rule has no "for"
({ record: 'shop:rate', expr, for: '5m' }) satisfies Rule;

// @ts-expect-error a rule is either an alert or a recording rule
({ alert: 'Timeouts', record: 'shop:rate', expr }) satisfies Rule;

// @ts-expect-error a duration has a unit
({ alert: 'Timeouts', expr, for: 5 }) satisfies Rule;

// @ts-expect-error the severity is a string
({ alert: 'Timeouts', expr, labels: { severity: 2 } }) satisfies Rule;

// @ts-expect-error a waiver requires a reason
({ alert: 'Timeouts', expr, waive: [{ check: 'count-never-zero' }] }) satisfies Rule;

// @ts-expect-error a group requires a name
({ name: 'shop.yaml', groups: [{ rules: [alert] }] }) satisfies RuleFile;

// @ts-expect-error a label value is a string or a number
logql`{app=${{ name: 'shop' }}}`;

// @ts-expect-error links are an object
highLogRate('https://grafana.example.com');

// @ts-expect-error positional arguments
pipeline(links, ['logging']);

// @ts-expect-error positional arguments
heldWhileLate((offset) => `rate({app="a"}[1m]${offset}) > 1`, ['1m']);

// @ts-expect-error positional arguments
silent('{app="web"}', '10m');

// @ts-expect-error the labels that distinguish sources are required
wentSilent({ query: '{app="web"}', range: '10m', since: '1d' });

// @ts-expect-error positional arguments
exploreUrl('https://grafana.example.com', '{app="web"}');

// @ts-expect-error positional arguments
dashboardUrl('https://grafana.example.com');

// @ts-expect-error options are an object
readRuleFiles('rules/*.yaml', __dirname);

// @ts-expect-error an unknown option of the checks
checkRuleFiles(files, { interval: '1m' });
