import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import type { AlertmanagerConfig, GlobalConfig, Receiver } from '../../lib/alertmanager/config/config';
import { configsField, type ReceiverKind, receiverKinds } from '../../lib/alertmanager/receivers';
import { formatFinding } from '../../lib/checks/findings';
import { OLDEST_ALERTMANAGER } from '../../lib/versions/alertmanager';
import { NEWEST } from './verdict';

const kinds = Object.entries(receiverKinds);

/** A config with one integration. */
function configOf(kind: string, config: object, global?: object): AlertmanagerConfig {
  const receiver = { name: 'r', [configsField(kind)]: [config] };
  return { ...(global && { global }), route: { receiver: 'r' }, receivers: [receiver] };
}

const findings = (kind: string, config: object, global?: object, alertmanagerVersion = NEWEST) =>
  checkAlertmanagerConfig(configOf(kind, config, global), { alertmanagerVersion }).map(formatFinding);

test.each(kinds)('%s: the minimal config is accepted', (name, { minimal }) => {
  expect(findings(name, minimal)).toEqual([]);
});

const needs = kinds.flatMap(([name, kind]) => kind.needs.map(({ own, global }) => ({ name, kind, own, global })));

/** The minimal config without some fields. */
function without(kind: ReceiverKind, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(kind.minimal).filter(([field]) => !fields.includes(field)));
}

test.each(needs)('$name: one of $own is required', ({ name, kind, own }) => {
  expect(findings(name, without(kind, own))).toEqual([expect.stringContaining(own[0] as string)]);
});

const inherited = needs.flatMap(({ global = [], ...need }) => global.map((field) => ({ ...need, field })));

test.each(inherited)('$name: global.$field replaces $own', ({ name, kind, own, field }) => {
  const value = /_(url|smarthost)$/.test(field) ? (field.endsWith('url') ? 'http://x.svc' : 'x:25') : 'x';
  const refused = findings(name, without(kind, own), { [field]: value }).filter(
    (text) => !text.includes('inline-secret'),
  );

  expect(refused).toEqual([]);
});

test.each(kinds)('%s: is supported since its version', (name, { minimal, since }) => {
  const aboutKind = new RegExp(`'${name}_configs'`);
  if (since === undefined) {
    return expect(findings(name, minimal, undefined, OLDEST_ALERTMANAGER)).not.toContainEqual(
      expect.stringMatching(aboutKind),
    );
  }
  const [major, minor] = since.split('.').map(Number);
  const older = `${major}.${(minor as number) - 1}.9`;

  expect(findings(name, minimal, undefined, since)).toEqual([]);
  expect(findings(name, minimal, undefined, older)).toEqual([
    expect.stringContaining(`field "${name}_configs" is only supported since ${since}, not by ${older}`),
  ]);
});

test('all kinds have types', () => {
  const global: GlobalConfig = { jira_api_url: 'https://jira.example.com', smtp_from: 'a@example.com' };
  const receiver: Receiver = {
    name: 'r',
    sns_configs: [{ topic_arn: 'a', sigv4: { region: 'eu-central-1' } }],
    // @ts-expect-error a field of another kind
    jira_configs: [{ project: 'A', issue_type: 'Bug', room_id: 'x' }],
    // @ts-expect-error a room is required
    webex_configs: [{ http_config: {} }],
  };
  // @ts-expect-error not a kind
  const misspelled: Receiver = { name: 'r', slak_configs: [] };

  expect(Object.keys({ ...global, ...receiver, ...misspelled })).toHaveLength(7);
});

/** A row of docs/receivers.md. */
function row([name, { schema, minimal, sendResolvedByDefault, since, needs: all, urls = [] }]: [string, ReceiverKind]) {
  const code = (fields: readonly string[]) => fields.map((field) => `\`${field}\``).join(', ') || '–';
  const ofGlobal = [
    ...all.flatMap(({ global = [] }) => global.slice(0, 1)),
    ...urls.flatMap(({ global = [] }) => global),
  ];
  return `| ${[
    `\`${name}_configs\``,
    code(Object.keys(minimal)),
    code(Object.keys(schema.fields).filter((field) => field.endsWith('_file'))),
    code([...new Set(ofGlobal)]),
    sendResolvedByDefault ? 'yes' : 'no',
    since ?? '',
  ].join(' | ')} |`;
}

test('docs/receivers.md has a row for each kind', () => {
  const page = readFileSync(join(__dirname, '../../docs/receivers.md'), 'utf8');

  expect(page.split('\n').filter((line) => line.includes('_configs` |'))).toEqual(kinds.map(row));
});
