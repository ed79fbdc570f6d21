import { checkLogAlerting } from '../../lib/stack/check-stack';
import type { LogAlertingProps } from '../../lib/stack/props';

test("routes are checked for the version of the stack's own image", () => {
  const found = (alertmanager: string) =>
    checkLogAlerting({
      images: { alertmanager },
      rules: [],
      slack: { webhookUrl: 'http://slack-inbox' },
      routing: { receivers: [{ name: 'r', telegram_configs: [{ bot_token_file: '/a', chat_id: 5, timeout: '5s' }] }] },
    } as unknown as LogAlertingProps).filter(({ id }) => id === 'alertmanager-unknown-field');

  expect(found('registry.example.com/alertmanager:v0.35.0')).toEqual([]);
  expect(found('registry.example.com/alertmanager:v0.34.1')).toHaveLength(1);
});
