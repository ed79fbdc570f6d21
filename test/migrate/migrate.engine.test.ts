import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlertmanagerConfig } from '../../lib/alertmanager/read';
import type { Labels } from '../../lib/alertmanager/routes';
import { toYaml } from '../../lib/alertmanager/write';
import { findEngine } from '../../lib/engines';
import { withoutCredentials } from '../../lib/migrate/alertmanager';
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

test('amtool takes what was moved, and sends each alert where it sent it before', async () => {
  const amtool = await findEngine('amtool');
  const { config } = readAlertmanagerConfig(before, 'alertmanager.yml');
  if (!config) throw new Error('the fixture is no alertmanager.yml');
  const after = toYaml(withoutCredentials(config).config);

  expect(await refusals(amtool, [after])).toEqual([undefined]);
  expect(await receivers(amtool, after, SETS)).toEqual(await receivers(amtool, before, SETS));
});
