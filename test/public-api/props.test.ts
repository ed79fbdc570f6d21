import { gotifyReceiver, readRuleFiles, secretFile, slackReceiver, webhookReceiver } from '../../lib';

/** Calls without types, as from JavaScript, or from tsx, which does not check them. */
const untyped = (call: unknown) => call as (...args: readonly unknown[]) => unknown;

test.each<[string, () => unknown, RegExp]>([
  [
    'an unknown name',
    () => untyped(slackReceiver)({ name: 'a', webhokSecret: 'b' }),
    /^ {2}slackReceiver: option 'webhokSecret': is not an option: use one of name, webhookSecret, .*; did you mean 'webhookSecret'\?$/m,
  ],
  [
    'an older name',
    () => untyped(webhookReceiver)({ name: 'a', url: 'http://a.b.svc' }),
    /^ {2}webhookReceiver: option 'url': is not an option: use one of name, webhookSecret, webhookUrl, .*; did you mean 'webhookUrl'\?$/m,
  ],
  [
    'positional arguments',
    () => untyped(slackReceiver)('a', { webhookSecret: 'b' }, '#c'),
    /^ {2}slackReceiver: expected options, got "a"$/m,
  ],
  [
    'a folder instead of options',
    () => untyped(readRuleFiles)('rules', __dirname),
    /^ {2}readRuleFiles: expected options, got "/m,
  ],
  [
    'a token instead of the name of its Secret',
    () => gotifyReceiver({ name: 'a', url: 'http://a.b.svc', tokenSecret: 'Token_123' }),
    /^ {2}gotifyReceiver: option 'tokenSecret': the text is not a valid name of a Kubernetes object: put the credential in a Secret and give its name here$/m,
  ],
  [
    'a Secret without a key',
    () => untyped(secretFile)({ name: 'a' }),
    /^ {2}secretFile: option 'key': (.*missing|.*undefined)/m,
  ],
])('rejects %s', (_, call, message) => {
  expect(call).toThrow(message);
});

test('reports all problems of the props at once', () => {
  expect(() => untyped(gotifyReceiver)({ name: 1, priority: 'high' })).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/'name'.*'url'.*'tokenSecret'.*'priority'/s) }),
  );
});
