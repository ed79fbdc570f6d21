import { compileRegexp } from '../../../lib/logql/regexp';
import { ADDRESSES, CREDENTIALS } from '../../../lib/rules/lines/redactions';
import { WITH_CREDENTIAL } from '../../credentials/texts';

/** Replaces as Loki and the ruler do. */
function redacted(text: string): string {
  return [...ADDRESSES, ...CREDENTIALS].reduce((rest, { pattern, replacement }) => {
    const result = compileRegexp({ value: pattern });
    if ('error' in result) throw new Error(result.error);
    return result.regexp.matcher(rest).replaceAll(replacement);
  }, text);
}

const LOGGED = [
  '{"user":"ann","password":"geheim of several words","n":1}',
  String.raw`{"body":"{\"password\":\"geheim of several\",\"n\":1}"}`,
  "login failed: password='geheim x' user=ann",
  'Cookie: session=geheim; other=geheim',
  'set-cookie: "session=geheim; Path=/"',
  'curl --token geheim https://example.com',
  'AWS_SECRET_ACCESS_KEY=geheim/+abc AWS_REGION=eu',
  'GET /hook?sig=geheim&code=geheim HTTP/1.1',
  'eyJhbGciOiJIUzI1NiJ9geheim.eyJzdWIiOiIxIn0.geheim',
];

// Addresses are hidden before a line is cut.
const ADDRESS = 'dial amqp://user:geheim@name@rabbit:5672/shop';

test.each([...WITH_CREDENTIAL, ...LOGGED, ADDRESS])('hides the credential in %j', (text) => {
  expect(redacted(text)).not.toContain('geheim');
});

test.each(LOGGED)('hides what is left of it if the line is cut: %j', (text) => {
  for (let length = text.indexOf('geheim') + 'geheim'.length; length <= text.length; length++)
    expect(redacted(text.slice(0, length))).not.toContain('geheim');
});

test.each(['order of ann.o+x@mail.example.com not paid', 'from:ann@example.co.uk,to=bob@example.com'])(
  'hides the e-mail addresses in %j',
  (text) => {
    expect(redacted(text)).not.toMatch(/@|example/);
  },
);

test.each([
  '10.0.0.1 - - [29/Nov/2026:16:27:02 +0000] "GET /orders/1?page=2 HTTP/1.1" 500 12 "-" "curl/8.5.0"',
  'level=error ts=2026-11-29T16:27:02Z caller=ruler.go:42 msg="unable to list rules" err="open /etc/loki: no such file"',
  'Error: connect ECONNREFUSED 10.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)',
  'Exception in thread "main" java.lang.NullPointerException: Cannot invoke "String.length()" because "<local1>" is null',
  'tokenizer: 5 tokens, keyboard layout=us, passenger=7, monkey=1, secretary: none',
  'authentication failed for user ann, basic authentication is required',
  'the password is wrong',
  'see https://docs.example.com/guide/services and https://example.com/a/b?page=2',
  'std::vector at 12:30:01, ratio 3:4',
])('leaves %j as it is', (text) => {
  expect(redacted(text)).toBe(text);
});

test('a probe is in each text that a pattern matches, except for numbers, which are folded', () => {
  const unprobed = [...WITH_CREDENTIAL, ...LOGGED].flatMap((text) =>
    CREDENTIALS.filter(({ pattern, probes }) => {
      const result = compileRegexp({ value: pattern });
      const matches = 'regexp' in result && result.regexp.matcher(text).find();
      return matches && !probes.some((probe) => text.toLowerCase().includes(probe));
    }).map(() => text),
  );

  expect(unprobed).toEqual([]);
});
