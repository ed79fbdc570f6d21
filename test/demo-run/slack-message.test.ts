import { readInboxLog, renderSlackMessage } from '../../lib/demo-run/slack-message';

const BODY = JSON.stringify({
  channel: '#alerts',
  attachments: [
    { title: ':fire: [FIRING] Flood', text: '*Graph:* <http://localhost:3000/explore|:bar_chart:>\n*App:* `web`\n' },
  ],
});
const line = (body: string) => JSON.stringify({ time: '2026-11-23T21:28:59+00:00', path: '/', body });

test('readInboxLog reads messages, and ignores lines of nginx and empty requests', () => {
  const log = ['2026/11/23 21:22:47 [notice] 1#1: start worker processes', line(''), line(BODY), ''].join('\n');

  const messages = readInboxLog(log);

  expect(messages).toMatchObject([{ channel: '#alerts', title: ':fire: [FIRING] Flood' }]);
  expect(messages[0]?.time).toBe(Date.UTC(2026, 10, 23, 21, 28, 59));
});

test('renderSlackMessage shows a block of code as it is', () => {
  const text = '*Lines:*\n```\n2× &lt;b&gt; *x* :fire:\n```\n*App:* `web`\n';
  const body = JSON.stringify({ channel: '#alerts', attachments: [{ title: 'Flood', text }] });

  expect(readInboxLog(line(body)).map(renderSlackMessage).join().split('\n').slice(2)).toEqual([
    '  ┃ Lines:',
    '  ┃   2× <b> *x* :fire:',
    '  ┃ App: web',
  ]);
});

test('renderSlackMessage renders a message like Slack', () => {
  const text = readInboxLog(line(BODY)).map(renderSlackMessage).join();

  expect(text.split('\n')).toEqual([
    '  Slack #alerts',
    '  ┃ 🔥 [FIRING] Flood',
    '  ┃ Graph: 📊 http://localhost:3000/explore',
    '  ┃ App: web',
  ]);
});
