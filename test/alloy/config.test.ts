import { alloyConfig } from '../../lib/alloy/config';
import { alloyText, Expression } from '../../lib/alloy/syntax';

test('config.alloy', () => {
  expect(
    alloyConfig({ lokiUrl: 'http://loki:3100', podLogsPath: '/var/log/pods', nodeNameVariable: 'NODE_NAME' }),
  ).toMatchSnapshot();
});

test('blocks within blocks, in their order; strings quoted, expressions as they are', () => {
  const text = alloyText([
    {
      name: 'a.b',
      label: 'c',
      attributes: { text: 'say "\\d"\n', number: 1, none: undefined, list: [new Expression('x.y'), 'z'] },
      blocks: [{ name: 'one' }, { name: 'two', attributes: { yes: true } }, { name: 'one' }],
    },
  ]);

  expect(text).toBe(
    [
      'a.b "c" {',
      String.raw`  text = "say \"\\d\"\n"`,
      '  number = 1',
      '  list = [x.y, "z"]',
      '  one { }',
      '  two {',
      '    yes = true',
      '  }',
      '  one { }',
      '}',
      '',
    ].join('\n'),
  );
});
