import { alertmanagerConfig } from '../../../lib/alertmanager/config/config-schema';
import type { Schema } from '../../../lib/alertmanager/config/schema';
import { fileField } from '../../../lib/alertmanager/config/secrets';
import { formatMessage, formatPath, type Path } from '../../../lib/checks/findings';
import { findingsOf } from '../verdict';

/** Returns the suggested file field for each credential, and whether Alertmanager has it next to the credential. */
function suggested(schema: Schema, path: Path, siblings: readonly string[], seen: Schema[] = []): [string, boolean][] {
  // Routes nest.
  if (seen.includes(schema)) return [];
  const below = [...seen, schema];
  switch (schema.kind) {
    case 'list':
      return suggested(schema.items, [...path, 0], siblings, below);
    case 'map':
      return suggested(schema.values, [...path, 'X-Name'], [], below);
    case 'object': {
      const names = Object.keys(schema.fields);
      return names.flatMap((name) => suggested(schema.fields[name] as Schema, [...path, name], names, below));
    }
    default: {
      const file = schema.kind === 'string' && schema.secret ? fileField(path) : undefined;
      return file === undefined ? [] : [[`${formatPath(path)}: ${file}`, siblings.includes(file)]];
    }
  }
}

test('every suggested file field exists', () => {
  const all = suggested(alertmanagerConfig, [], []);

  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([, exists]) => !exists)).toEqual([]);
});

test.each([
  [
    'a key of AWS',
    'receivers: [{name: r, sns_configs: [{topic_arn: a, message: b, sigv4: {region: c, access_key: d, secret_key: e}}]}]',
    /receiver 'r': sns_configs\[0\]\.sigv4\.secret_key: is a secret, in a file that is committed: remove access_key and secret_key, and give the pod an AWS role; Alertmanager cannot read it from a file/,
  ],
  [
    "a proxy's header",
    'receivers: [{name: r, webhook_configs: [{url: "http://a", http_config: {proxy_url: "http://b", proxy_connect_header: {A: [b]}}}]}]',
    /receiver 'r': webhook_configs\[0\]\.http_config\.proxy_connect_header\.A\[0\]: is a secret, in a file that is committed: use a proxy that needs no password; Alertmanager cannot read it from a file/,
  ],
  [
    'a webhook for events',
    'receivers: [{name: r}]\nevent_recorder: {webhook_outputs: [{name: a, url: "https://a.b/?token=c"}]}',
    /event_recorder\.webhook_outputs\[0\]\.url: contains a token as a parameter, in a file that is committed: remove it from the URL, and use http_config\.basic_auth with a password_file; Alertmanager cannot read it from a file/,
  ],
])('suggests an alternative to a credential that cannot be in a file: %s', (_, yaml, expected) => {
  const found = findingsOf(`${yaml}\nroute: {receiver: r}\n`).filter(({ id }) => id === 'inline-secret');

  expect(found.map(formatMessage)).toEqual([expect.stringMatching(expected)]);
});
