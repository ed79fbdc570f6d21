// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables that envsubst replaces.

import { gzipSync } from 'node:zlib';
import { migrate, unreadable } from '../../lib/migrate/migrate';
import type { Migration } from '../../lib/migrate/moved';
import { type Found, join, readForeign } from '../../lib/migrate/read';
import { appFiles } from '../../lib/migrate/write';
import { sourceText } from '../../lib/yaml/source';
import fc from '../support/properties';

const found = (files: Readonly<Record<string, string>>): Found =>
  join(Object.entries(files).map(([file, text]) => readForeign(sourceText(file, text))));

const moved = (files: Readonly<Record<string, string>>): Migration => migrate(found(files), 'new');

/** Returns all written files as one text. */
const written = (migration: Migration) => JSON.stringify(appFiles(migration));

const ROUTES = 'route: { receiver: a }\nreceivers: [{ name: a }]\n';

/** An alertmanager.yml with variables of envsubst and inline credentials. */
const SOURCE = `global:
  smtp_auth_password: geheim
  slack_api_url: https://hooks.slack.com/services/T000/B000/geheim
  resolve_timeout: \${RESOLVE_TIMEOUT:-5m}
route: { receiver: a }
receivers:
  - name: a
    slack_configs: [{ channel: '\${CHANNEL}' }]
    webhook_configs: [{ url: 'https://bridge.example.com/?token=geheim' }]
`;

describe('a file with the extension of a template', () => {
  test.each(['alertmanager.yml.tmpl', 'config.tmpl', 'alertmanager.tpl', 'alertmanager.yaml.template', 'am.gotmpl'])(
    'is read as a configuration if it is one: %s',
    (name) => {
      const migration = moved({ [name]: SOURCE });

      expect(migration.templates).toEqual([]);
      expect(migration.alertmanager?.receivers).toHaveLength(1);
      expect(written(migration)).not.toMatch(/geheim|\$\{/);
      expect(migration.credentials.map(({ path }) => path)).toEqual([
        'global.smtp_auth_password',
        'global.slack_api_url',
        'receivers[0].webhook_configs[0].url',
      ]);
    },
  );

  test('is not a message template if it is a configuration, even if a pattern in templates matches it', () => {
    const routes = `${ROUTES}templates: ['/etc/alertmanager/*.tmpl']\n`;
    const all = found({ 'alertmanager.yml': routes, 'alertmanager.tmpl': SOURCE });

    expect(all.templates).toEqual([]);
    expect(unreadable(all)).toEqual([
      expect.objectContaining({ problem: expect.stringMatching(/^second alertmanager/) }),
    ]);
  });

  test('is a message template if it is in templates or defines one; others are reported', () => {
    const migration = moved({
      'alertmanager.yml': `${ROUTES}templates: [named.tmpl, 'messages/*.gotmpl']\n`,
      'named.tmpl': 'plain',
      'messages/a.gotmpl': 'plain too',
      'defines.template': '{{ define "x" }}{{ end }}',
      'nginx.conf.tmpl': 'server { listen 80; }',
    });

    expect(migration.templates.map(({ file }) => file)).toEqual(['named.tmpl', 'a.tmpl', 'defines.tmpl']);
    expect(migration.left).toEqual([expect.stringMatching(/^nginx\.conf\.tmpl: /)]);
  });

  test('has its credentials replaced by placeholders, and reported with their place', () => {
    const text = '{{ define "x" }}\nsee https://hooks.slack.com/services/T0/B0/geheim\n{{ end }}';
    const migration = moved({ 'alertmanager.yml': ROUTES, 'x.tmpl': text });

    expect(written(migration)).not.toMatch(/geheim/);
    expect(migration.findings).toContainEqual(
      expect.objectContaining({
        id: 'migrate-credential',
        severity: 'error',
        place: expect.objectContaining({ file: 'new/templates/x.tmpl', line: 2 }),
      }),
    );
  });
});

describe('rules', () => {
  const rule = (text: string) =>
    `groups: [{ name: g, rules: [{ alert: A, expr: 'sum by (app) (rate({app="a"}[5m])) > 1', labels: { note: "${text}" }, annotations: { title: t, description: "${text}", api_token: geheim } }] }]`;

  test('have credentials in labels and annotations replaced by placeholders, and reported', () => {
    const migration = moved({ 'a.yaml': rule('https://me:geheim@example.com') });

    expect(written(migration)).not.toMatch(/geheim/);
    expect(
      migration.findings
        .filter(({ id }) => id === 'migrate-credential')
        .map(({ place, problem }) => [place?.file, problem.split(' contained')[0]]),
    ).toEqual([
      ['new/rules/a.yaml', "label 'note'"],
      ['new/rules/a.yaml', "annotation 'description'"],
      ['new/rules/a.yaml', "annotation 'api_token'"],
    ]);
  });
});

const secret = fc.stringMatching(/^geheim[A-Za-z0-9]{20}$/).filter((text) => (text.match(/\d/g)?.length ?? 0) >= 4);

test('writes no credential, wherever it is and whatever contains the file', () => {
  const config = (value: string) =>
    SOURCE.replaceAll('geheim', value).concat(
      `    email_configs: [{ to: a@example.com, html: 'https://x.example.com/?token=${value}', headers: { X-Token: ${value} } }]\n`,
    );
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const object = (kind: string, data: string, entry: string) =>
    `kind: ${kind}\napiVersion: v1\nmetadata: { name: am }\n${data}:\n  ${entry}\n`;
  const block = (text: string, indent: string) => `|\n${text.replace(/^/gm, indent)}`;
  const holders: readonly ((text: string) => Record<string, string>)[] = [
    (text) => ({ 'alertmanager.yml': text }),
    (text) => ({ 'alertmanager.tmpl': text }),
    (text) => ({ 'a.yaml': object('Secret', 'data', `alertmanager.yaml: ${base64(text)}`) }),
    (text) => ({ 'a.yaml': object('Secret', 'data', `alertmanager.yaml.gz: ${base64(gzipSync(text))}`) }),
    (text) => ({ 'a.yaml': object('Secret', 'stringData', `alertmanager.yaml: ${block(text, '    ')}`) }),
    (text) => ({ 'a.yaml': object('ConfigMap', 'data', `config.tmpl: ${block(text, '    ')}`) }),
    (text) => ({ 'compose.yml': `services: {}\nconfigs:\n  am:\n    content: ${block(text, '      ')}` }),
    (text) => ({ 'values.yaml': `alertmanager:\n  config:\n${text.replace(/^/gm, '    ')}` }),
    (text) => ({ 'values.yaml': `alertmanager:\n  stringConfig: ${block(text, '    ')}` }),
    (text) => ({
      'values.yaml': `prometheus:\n  alertmanagerFiles:\n    alertmanager.yml:\n${text.replace(/^/gm, '      ')}`,
    }),
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...holders), (value, holder) => {
      const migration = moved(holder(config(value)));

      expect(migration.alertmanager?.receivers).toHaveLength(1);
      expect(written(migration) + JSON.stringify(migration)).not.toMatch(/geheim/);
    }),
  );
});
