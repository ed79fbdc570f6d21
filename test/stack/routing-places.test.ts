import { join } from 'node:path';
import { readAlertmanagerFile } from '../../lib';
import { formatFinding } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { HIGH_LOG_RATE } from '../../rules';
import { tempFolder } from '../support/temp-folder';

const folder = tempFolder();

const CONFIG = `route:
  receiver: r
  routes:
    - matchers: [team="a"]
      receiver: lost
receivers:
  - name: r
    webhook_configs:
      - url: http://inbox.example.com
        payload: { text: '{{ .Labels.app }}' }
`;

test('findings on a file of routing.config have its lines, also below a route that the stack adds', () => {
  const path = folder.write('alertmanager.yml', CONFIG);
  const config = readAlertmanagerFile(path);
  const found = (heartbeat: object) =>
    checkLogAlerting({ rules: [], rateAlert: HIGH_LOG_RATE, routing: { config }, ...heartbeat })
      .map(formatFinding)
      .filter((text) => text.includes('alertmanager.yml'))
      .map((text) => /alertmanager\.yml:(\d+:\d+): .*\[(.*)\]$/.exec(text)?.slice(1).join(' '));

  const expected = ['5:17 route-undefined-receiver', '10:26 template-execution'];
  expect(found({})).toEqual(expected);
  expect(found({ heartbeat: { webhookSecret: 'heartbeat' } })).toEqual(expected);
});

test('a missing file is reported without a stack trace of its own', () => {
  expect(() => readAlertmanagerFile(join(folder.path, 'nope.yml'))).toThrow(
    /Validation failed with the following errors:\n {2}.*nope\.yml: error: cannot be read: .*\[unreadable-file\]/,
  );
});
