import { RE2JS } from 're2js';
import type { RedactRule } from '../../../lib/collector/pipeline/options';
import { replacements } from '../../../lib/collector/pipeline/redaction';

/** Replaces text like Go; the engine tests compare the collectors. */
function redacted(rule: RedactRule, line: string): string {
  return replacements(rule).reduce((text, { pattern, replacement }) => {
    const matcher = RE2JS.compile(pattern).matcher(text);
    let [result, end] = ['', 0];
    while (matcher.find()) {
      const expanded = replacement.replaceAll(/\$\{(\d+)\}/g, (_, group) => matcher.group(Number(group)) ?? '');
      result += text.slice(end, matcher.start()) + expanded;
      end = matcher.end();
    }
    return result + text.slice(end);
  }, line);
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N';

test.each([
  ['login user=bob password=hunter2 from=10.0.0.1', 'login user=bob password=<redacted> from=10.0.0.1'],
  ['{"user":"bob","password":"hun ter2","n":1}', '{"user":"bob","password":"<redacted>","n":1}'],
  [String.raw`{"password":"hun\"ter\\","n":1}`, '{"password":"<redacted>","n":1}'],
  [String.raw`msg="{\"api_key\": \"k-123\", \"a\": 1}"`, String.raw`msg="{\"api_key\": \"<redacted>\", \"a\": 1}"`],
  ["config: {'client_secret': 'a b', 'x': 1}", "config: {'client_secret': '<redacted>', 'x': 1}"],
  ['DB_PASSWORD: s3cr3t', 'DB_PASSWORD: <redacted>'],
  ['GET /?access_token=abc&page=2', 'GET /?access_token=<redacted>&page=2'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer <redacted>'],
  ['authorization: basic dXNlcjpwYXNz==', 'authorization: basic <redacted>'],
  ['connecting to postgres://app:s3cr3t@db:5432/shop', 'connecting to postgres://app:<redacted>@db:5432/shop'],
  ['redis://:s3cr3t@cache:6379', 'redis://:<redacted>@cache:6379'],
  [`session ${JWT} expired`, 'session <redacted> expired'],
  ['key AKIAIOSFODNN7EXAMPLE is unknown', 'key <redacted> is unknown'],
  [`push with ghp_${'a1B2'.repeat(9)}`, 'push with <redacted>'],
  ['POST https://hooks.slack.com/services/T0/B0/xyz 404', 'POST https://hooks.slack.com/services/<redacted> 404'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----\nend', '<redacted>\nend'],
])('credentials: %s', (line, expected) => {
  expect(redacted({ preset: 'credentials' }, line)).toBe(expected);
});

test.each([
  'GET /passwords/reset 200',
  'the token bucket is full',
  'monkey=1 keyboard=2',
  'https://example.com:8080/a@b',
  'basic auth is off',
  'password reset requested',
])('credentials: leaves %s', (line) => {
  expect(redacted({ preset: 'credentials' }, line)).toBe(line);
});

test('emails', () => {
  expect(redacted({ preset: 'emails' }, 'mail to "Bob" <bob.b+x@mail.example.com>, a@b and @here')).toBe(
    'mail to "Bob" <<redacted>>, a@b and @here',
  );
});
