import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AlertmanagerConfig } from '../../lib/alertmanager/config/config';
import { toYaml } from '../../lib/alertmanager/config/write';
import { configsField, integrationsOf, receiverKinds } from '../../lib/alertmanager/receivers';
import { type Engine, findEngine, type RunningEngine, run, startAlertmanager } from '../../lib/engines';
import { notificationTemplate } from '../../lib/go-template';
import { isOlder } from '../../lib/versions/version';
import { refusals, withFiles } from './amtool';
import { contradictions, type GlobalCase, harmless } from './global-cases';
import { loadErrors } from './verdict';
import { versionCases } from './version-cases';

let amtool: Engine;
let alertmanager: Engine;

beforeAll(async () => {
  amtool = await findEngine('amtool');
  alertmanager = await findEngine('alertmanager');
});

const kinds = Object.entries(receiverKinds);

const withIntegration = (kind: string, config: object): AlertmanagerConfig => ({
  route: { receiver: 'r' },
  receivers: [{ name: 'r', [configsField(kind)]: [config] }],
});

test('every kind of integration of Alertmanager is supported', () => {
  // The binary contains the tags of the struct `Receiver`, for reflection.
  const program = readFileSync(alertmanager.path, 'latin1');
  const fields = new Set([...program.matchAll(/yaml:"(\w+_configs),omitempty"/g)].map(([, name]) => name));
  const known = kinds.filter(([, { since }]) => !since || !isOlder(alertmanager.version, since));

  expect([...fields].sort()).toEqual(known.map(([name]) => configsField(name)).sort());
});

test('the required fields are those that Alertmanager requires', async () => {
  const minimal = kinds.map(([name, kind]) => toYaml(withIntegration(name, kind.minimal)));
  const lacking = kinds.flatMap(([name, kind]) =>
    kind.needs.map(({ own }) => {
      const config = Object.fromEntries(Object.entries(kind.minimal).filter(([field]) => !own.includes(field)));
      return toYaml(withIntegration(name, config));
    }),
  );

  expect((await refusals(amtool, minimal)).filter((refusal) => refusal !== undefined)).toEqual([]);
  const accepted = (await refusals(amtool, lacking)).flatMap((refusal, i) => (refusal === undefined ? lacking[i] : []));
  expect(accepted).toEqual([]);
});

test('Alertmanager rejects exactly the contradictions between global and a receiver', async () => {
  const texts = (cases: Readonly<Record<string, GlobalCase & { readonly expected?: RegExp }>>) =>
    Object.values(cases).map(({ expected: _, version: __, ...config }) => toYaml(config));

  expect((await refusals(amtool, texts(contradictions))).map((refusal) => refusal !== undefined)).toEqual(
    Object.keys(contradictions).map(() => true),
  );
  expect((await refusals(amtool, texts(harmless))).filter((refusal) => refusal !== undefined)).toEqual([]);
});

test('differences between versions get the verdict of the running version', async () => {
  const texts = versionCases.map(({ yaml }) => yaml);
  const verdicts = (await refusals(amtool, texts)).map((refusal) => refusal === undefined);

  expect(verdicts).toEqual(texts.map((text) => loadErrors(text, amtool.version).length === 0));
});

describe('the defaults', () => {
  let running: RunningEngine | undefined;
  afterAll(async () => running?.stop());

  test('of send_resolved and templates are those of Alertmanager', async () => {
    const receivers = kinds.map(([name, kind]) => ({ name, [configsField(name)]: [kind.minimal] }));
    running = await startAlertmanager({ route: { receiver: 'slack' }, receivers });
    const response = await fetch(`${running.url}/api/v2/status`);
    const { config } = (await response.json()) as { config: { original: string } };
    const filled = (parse(config.original) as { receivers: readonly object[] }).receivers.flatMap(integrationsOf);

    expect(
      filled.map(({ name, config: { send_resolved } }: { name: string; config: { send_resolved?: boolean } }) => [
        name,
        send_resolved,
      ]),
    ).toEqual(kinds.map(([name, { sendResolvedByDefault }]) => [name, sendResolvedByDefault]));
    for (const { name, config: values, kind } of filled) {
      const called = [...JSON.stringify(values).matchAll(/template \\"([\w.]+)\\"/g)].map(([, template]) => template);
      const newer = Object.values(kind.newerTemplates ?? {}).flat();
      const known = [...(kind.defaultTemplates ?? []), ...newer].map((template) => `${name}.default.${template}`);
      expect(called.filter((template) => !known.includes(template as string))).toEqual([]);
    }
  });
});

test('the template functions are those of Alertmanager', async () => {
  const { functions, newer } = notificationTemplate(amtool.version);
  const names = [...functions, ...(newer ?? new Map()).keys()];
  const texts = names.map((name) => `{{ define "x" }}{{ ${name} }}{{ end }}`);
  const defined = await Promise.all(texts.map((text) => isDefined(text)));

  expect(names.filter((_, i) => defined[i])).toEqual([...functions]);
});

/** Returns whether Alertmanager parses a template, whose only call may lack arguments. */
async function isDefined(text: string): Promise<boolean> {
  const { stderr } = await withFiles([text], (cwd) =>
    run(amtool, ['template', 'render', '--template.glob=*.yml', '--template.text=x'], { cwd }),
  );
  return !/function "\w+" not defined/.test(stderr);
}
