import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import type { Labels } from '../../lib/alertmanager/config/routes';
import { toYaml } from '../../lib/alertmanager/config/write';
import { findEngine } from '../../lib/engines';
import { withMatchers } from '../../lib/migrate/alertmanager';
import { withoutConfigCredentials } from '../../lib/migrate/credentials';
import { receivers, refusals } from '../alertmanager/amtool';

const before = readFileSync(join(__dirname, 'fixtures/docker-compose/config/alertmanager.yml'), 'utf8');

const SETS: Labels[] = [
  {},
  { severity: 'critical' },
  { severity: 'warning' },
  { severity: 'warning', team: 'devops' },
  { severity: 'warning', team: 'the devops team' },
  { severity: 'critical', team: 'devops' },
];

/** Credentials in each kind of field; all but sigv4 can read a file. */
const CREDENTIALS = `
route: { receiver: a }
receivers:
  - name: a
    webhook_configs:
      - url: https://hooks.zapier.com/geheim
        http_config:
          http_headers: { X-Hidden: { secrets: [geheim] }, X-Api-Key: { values: [geheim] } }
          oauth2: { client_id: a, client_secret: geheim, token_url: "https://id.example.com" }
    pushover_configs: [{ user_key: geheim, token: geheim }]
    telegram_configs: [{ bot_token: geheim, chat_id: 1 }]
  - name: a.a
    sns_configs: [{ topic_arn: a, sigv4: { region: a, access_key: a, secret_key: geheim } }]
`;

test('amtool accepts files in place of credentials', async () => {
  const amtool = await findEngine('amtool');
  const { config } = readAlertmanagerConfig(CREDENTIALS, 'alertmanager.yml');
  if (!config) throw new Error('not a valid alertmanager.yml');

  expect(await refusals(amtool, [toYaml(withoutConfigCredentials(config).config)])).toEqual([undefined]);
});

test('amtool accepts the migrated configuration, and routes each alert to the same receivers', async () => {
  const amtool = await findEngine('amtool');
  const { config } = readAlertmanagerConfig(before, 'alertmanager.yml');
  if (!config) throw new Error('the fixture is not a valid alertmanager.yml');
  const after = toYaml(withMatchers(withoutConfigCredentials(config).config));

  expect(await refusals(amtool, [after])).toEqual([undefined]);
  expect(await receivers(amtool, after, SETS)).toEqual(await receivers(amtool, before, SETS));
});
