import { remoteOptions, requestTenants } from '../../lib/cli/loki-options';
import { readRules } from '../../lib/rules/read';

const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

test.each([
  ['http://localhost:3100', 'http://localhost:3100'],
  ['http://localhost:3100/', 'http://localhost:3100'],
  ['https://example.com/loki-prod/', 'https://example.com/loki-prod'],
  ['https://example.com/loki/api/v1/push', 'https://example.com'],
  ['https://example.com/gateway/loki/api/v1', 'https://example.com/gateway'],
])('takes the base URL of %s', (text, url) => {
  expect(remoteOptions(text, undefined, {})).toEqual({ url, tenant: undefined, headers: {} });
});

test.each(['localhost:3100', 'loki', '', 'ftp://example.com'])('rejects the URL "%s"', (text) => {
  expect(() => remoteOptions(text, undefined, {})).toThrow('invalid URL of --loki');
});

test.each([
  [{ LOKI_USERNAME: '1', LOKI_PASSWORD: 'x' }, basic('1:x')],
  [{ LOKI_USERNAME: '1', LOKI_PASSWORD: 'x\n' }, basic('1:x')],
  [{ LOKI_BEARER_TOKEN: 't\n', LOKI_USERNAME: '1' }, { Authorization: 'Bearer t' }],
  [{}, basic('url:p@ss')],
])('takes credentials from the environment before those in the URL', (env, headers) => {
  const options = remoteOptions('https://url:p%40ss@example.com', undefined, env);
  expect(options).toMatchObject({ url: 'https://example.com', headers });
});

test('does not repeat a token that cannot be sent', () => {
  const env = { LOKI_BEARER_TOKEN: 'sec\nret' };
  expect(() => remoteOptions('https://example.com', undefined, env)).toThrow('invalid characters');
  expect(() => remoteOptions('https://example.com', undefined, env)).not.toThrow(/ret/);
  expect(() => remoteOptions('https://example.com', 'a\nb', {})).toThrow('--tenant');
});

describe('tenants', () => {
  const file = (name: string) => `groups: [{name: ${name}, rules: [{alert: A, expr: 'vector(1)'}]}]`;
  const configMap = (tenant: string) =>
    `kind: ConfigMap\napiVersion: v1\nmetadata: {name: x, annotations: {loki-alerts/tenant: ${tenant}}}\ndata:\n  ${tenant}.yaml: '${file(tenant).replaceAll("'", "''")}'\n`;
  const tenants = (texts: readonly string[], tenant?: string) =>
    [
      ...requestTenants(
        texts.flatMap((text, i) => readRules(text, `${i}.yaml`)),
        tenant,
      ),
    ].map(([id, files]) => [id, files.map(({ name }) => name)]);

  test('rules without a tenant need none, or get the given one', () => {
    expect(tenants([file('a')])).toEqual([[undefined, ['0.yaml']]]);
    expect(tenants([file('a')], 'shop')).toEqual([['shop', ['0.yaml']]]);
  });

  test('rules without a tenant beside those of tenants belong to the default tenant', () => {
    expect(tenants([file('a'), configMap('shop')])).toEqual([
      ['fake', ['0.yaml']],
      ['shop', ['shop.yaml']],
    ]);
    expect(tenants([file('a'), configMap('shop')], 'shop')).toEqual([['shop', ['shop.yaml']]]);
  });

  test('a tenant without rules is an error that names those with rules', () => {
    expect(() => tenants([configMap('shop')], 'bank')).toThrow(
      "no rules of tenant 'bank': set --tenant to one of 'shop'",
    );
  });
});
