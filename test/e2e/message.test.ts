import { heldWhileLate } from '../../rules';
import { messageLinks, messageProblems } from './message';

const left = JSON.stringify({ queries: [{ expr: '(sum by (app)(rate({job=~".+"}[1m])) > 60)' }] });
const TEXT = `*Description:* webservice logs 119 lines per second.
*Severity:* \`warning\`
*Graph:* <http://localhost:3000/explore?left=${encodeURIComponent(left)}|:chart:> *Dashboard:* <http://localhost:3000/d/x|:bar:> *Runbook:* <http://localhost:3000/d/x?viewPanel=1|:pad:>
*Details:*
 • *app:* \`webservice\`
 • *alertname:* \`HighLogRate\`
*Receiver:* warning-devops-slack
`;
const MESSAGE = { time: 0, channel: '#alerts', title: ':fire: [FIRING] High log rate: demo/webservice', text: TEXT };
const EXPECTED = {
  state: 'FIRING',
  title: 'High log rate: demo/webservice',
  labels: { alertname: 'HighLogRate', app: 'webservice' },
  receiver: 'warning-devops-slack',
  expr: 'sum by (app) (\n  rate({job=~".+"}[1m])\n) > 60',
} as const;

describe('messageProblems', () => {
  test('accepts a correct message, regardless of the layout of the query', () => {
    expect(messageProblems(MESSAGE, EXPECTED)).toEqual([]);
  });

  test('accepts the link that Loki prints for the query of the shipped alert', () => {
    const printed =
      '((sum by (namespace,app)(rate({job=~".+"}[1m])) > 60) or ((sum by (namespace,app)(rate({job=~".+"}[1m] offset 1m0s)) > 60) and on ()  (sum(count_over_time({app="log-canary"}[10m])) unless (sum(count_over_time({app="log-canary"}[1m])) >= 5))))';
    const link = encodeURIComponent(JSON.stringify({ queries: [{ expr: printed }] }));
    const expr = heldWhileLate({
      expr: (offset) => `sum by (namespace, app) (rate({job=~".+"}[1m]${offset})) > 60`,
      offsets: ['1m'],
    });
    const text = TEXT.replace(encodeURIComponent(left), link);

    expect(messageProblems({ ...MESSAGE, text }, { ...EXPECTED, expr })).toEqual([]);
    expect(messageProblems({ ...MESSAGE, text }, { ...EXPECTED, expr: expr.replace('1m', '2m') })).toHaveLength(1);
  });

  test.each([
    ['state', { state: 'RESOLVED' }, /^title is .*, not '\[RESOLVED\] High log rate/],
    [
      'label',
      { labels: { alertname: 'HighLogRate', app: 'other' } },
      /^labels is 'alertname=HighLogRate, app=webservice'/,
    ],
    ['receiver', { receiver: 'default' }, /^receiver is 'warning-devops-slack', not 'default'$/],
    ['query', { expr: 'vector(1)' }, /^query of the graph link is 'sumby\(app\)/],
  ] as const)('reports a wrong %s', (_, change, problem) => {
    const problems = messageProblems(MESSAGE, { ...EXPECTED, ...change });

    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  test('reports every missing link', () => {
    const problems = messageProblems({ ...MESSAGE, text: TEXT.replaceAll(/<http[^>]*>/g, '') }, EXPECTED);

    expect(problems).toHaveLength(3);
  });
});

test('messageLinks reads several links on one line', () => {
  expect(Object.keys(messageLinks(TEXT))).toEqual(['Graph', 'Dashboard', 'Runbook']);
});
