import { defaultTemplateProblem } from '../../lib/alertmanager/checks/default-templates';
import { alertmanagerTemplates } from '../../lib/alertmanager/checks/template-names';
import { type Engine, findEngine } from '../../lib/engines';
import { execute, notificationData, notificationFunctions, parseTemplate } from '../../lib/go-template';
import { render } from '../alertmanager/amtool';
import { someOf } from '../support/properties';
import { DOTS, EXPRESSIONS } from './execution-cases';

let amtool: Engine;
beforeAll(async () => {
  amtool = await findEngine('amtool');
});

/** Returns the result of a template for notifications of the running version. */
function executed(text: string) {
  const template = parseTemplate(text);
  if (!template) throw new Error(`${text} has a syntax error`);
  const templates = new Map([...template.definitions].map(([name, nodes]) => [name, { nodes, owner: undefined }]));
  return execute(template.nodes, notificationData(amtool.version), {
    functions: notificationFunctions(amtool.version),
    templates,
    callProblem: defaultTemplateProblem,
  });
}

function problems(text: string): string[] {
  return executed(text).problems.map(({ message }) => message);
}

/** Errors that depend on values: the length of a list, or a value whose type is only known then. */
const OF_VALUES = /index out of range|interface \{\}/;

const isOfValues = (text: string, error = '') => OF_VALUES.test(error) || text.startsWith('{{ with (dict');

/** Returns the templates about which Alertmanager and the check disagree. */
async function differences(templates: readonly string[]): Promise<object[]> {
  const rendered = await render(amtool, templates);
  return templates
    .map((text, i) => ({ text, error: rendered[i]?.error, found: problems(text) }))
    .filter(({ text, error, found }) =>
      found.length > 0 ? error === undefined : error !== undefined && !isOfValues(text, error),
    );
}

test('a template has problems exactly if Alertmanager cannot execute it', async () => {
  const templates = Object.values(DOTS).flatMap((around) =>
    EXPRESSIONS.map((expression) => around.replace('X', () => expression)),
  );

  expect(await differences(someOf(templates))).toEqual([]);
});

test('the templates of Alertmanager fail exactly for the dots for which they are reported', async () => {
  const calls = alertmanagerTemplates(amtool.version).flatMap((name) =>
    Object.values(DOTS).map((around) => around.replace('X', `template "${name}" .`)),
  );

  expect(await differences(someOf(calls))).toEqual([]);
});

/** Values of all types, and formats with all verbs. */
const VALUES = [
  ...[
    '.Status',
    '(len .Alerts)',
    'true',
    '3',
    '1.5',
    '"x"',
    '(gt 2 1)',
    '.CommonLabels.none',
    '.CommonLabels',
    '.Alerts',
  ],
  ...['(index .Alerts 0).StartsAt', '(index .Alerts 0).StartsAt.Month', '(since (index .Alerts 0).StartsAt)'],
  ...['(since (index .Alerts 0).StartsAt).Hours', '(index .Alerts 0).Status', '(safeHtml "x")', '.CommonLabels.Names'],
];

const FORMATS = [
  ...[...'vTtbcdoOqxXUeEfFgGsp'].map((verb) => `%${verb}`),
  ...['%5s', '%-5.2v', '%05d', '%.1f', '%+d', '%x %s', '%d%%', '%[1]s %[1]v', '%*d', 'none', '%', '%!', '%z'],
];

test('printf has mistakes exactly if Alertmanager writes them into the message', async () => {
  const templates = VALUES.flatMap((value) => FORMATS.map((format) => `{{ printf "${format}" ${value} }}`));
  const some = someOf(templates);
  const rendered = await render(amtool, some);
  const differ = some.flatMap((text, i) => {
    const found = executed(text).formatProblems.map(({ message }) => message);
    // The second form has the private fields of a time.
    const written = /%!|^\{\+?0\S* /.test(rendered[i]?.text ?? '');
    return written === found.length > 0 ? [] : [{ text, rendered: rendered[i], found }];
  });
  expect(differ).toEqual([]);
});
