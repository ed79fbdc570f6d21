import { defaultTemplateProblem } from '../../lib/alertmanager/checks/default-templates';
import { alertmanagerTemplates } from '../../lib/alertmanager/checks/template-names';
import { type Engine, findEngine } from '../../lib/engines';
import { executionProblems, notificationData, notificationFunctions, parseTemplate } from '../../lib/go-template';
import { renderErrors } from '../alertmanager/amtool';
import { someOf } from '../support/properties';
import { DOTS, EXPRESSIONS } from './execution-cases';

let amtool: Engine;
beforeAll(async () => {
  amtool = await findEngine('amtool');
});

/** Returns the problems of a template for notifications of the running version. */
function problems(text: string): string[] {
  const template = parseTemplate(text);
  if (!template) throw new Error(`${text} has a syntax error`);
  const templates = new Map([...template.definitions].map(([name, nodes]) => [name, { nodes, owner: undefined }]));
  return executionProblems(template.nodes, notificationData(amtool.version), {
    functions: notificationFunctions(amtool.version),
    templates,
    callProblem: defaultTemplateProblem,
  }).map(({ message }) => message);
}

/** Errors that depend on values: the length of a list, or a value whose type is only known then. */
const OF_VALUES = /index out of range|interface \{\}/;

const isOfValues = (text: string, error = '') => OF_VALUES.test(error) || text.startsWith('{{ with (dict');

/** Returns the templates about which Alertmanager and the check disagree. */
async function differences(templates: readonly string[]): Promise<object[]> {
  const errors = await renderErrors(amtool, templates);
  return templates
    .map((text, i) => ({ text, error: errors[i], found: problems(text) }))
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
