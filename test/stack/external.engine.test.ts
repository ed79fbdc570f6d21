import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { LogAlertingProps, RuleFile } from '../../lib';
import type { CollectorName } from '../../lib/collector/collectors';
import {
  type LokiClient as Client,
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  startAlertmanager,
  startLoki,
} from '../../lib/engines';
import type { RuleObject } from '../../lib/rules/export/objects';
import { pod } from '../collector/pods';
import { useNodes } from '../collector/scenario';
import { startCollector, TESTED_COLLECTORS, type Tweak } from '../collector/stage';
import { PRODUCTION, synthObjects } from '../manifests/synth';
import { Sidecar } from '../rules/export/sidecar';
import { tempFolder } from '../support/temp-folder';
import { startAuthProxy } from './auth-proxy';

const folder = tempFolder();
const { setUp, stopped } = useNodes();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const rules = (alert: string): readonly RuleFile[] => [
  {
    name: 'errors.yaml',
    groups: [
      {
        name: 'errors',
        interval: '1s',
        rules: [
          {
            alert,
            expr: 'sum by (namespace, app) (count_over_time({app="cart"} |= "refused" [5m])) > 0',
            labels: { severity: 'warning', team: 'devops' },
            annotations: { title: '{{ $value }} refused', description: 'Cards are refused.' },
          },
        ],
      },
    ],
  },
];

/** Writes the keys of the collector's Secrets to a folder. @returns it, and the change of paths that mounts it */
function mountedAuth(files: Readonly<Record<string, string>>): { readonly auth: string; readonly tweak: Tweak } {
  const auth = join(folder.path, 'auth');
  mkdirSync(auth);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(auth, name), text);
  const tweak: Tweak = (config) => {
    Object.assign(config, JSON.parse(JSON.stringify(config).replace(/\/etc\/(promtail|otelcol)-auth/g, auth)));
  };
  return { auth, tweak };
}

/** The stack of a team that has a Loki with tenants behind a gateway with credentials and a CA of its own. */
const manifests = (collector: CollectorName, credentials: object, url: string) =>
  synthObjects({
    ...PRODUCTION,
    profile: 'external',
    collector,
    loki: {
      external: {
        url,
        tenant: 'ops',
        caSecret: 'loki-ca',
        ...credentials,
        rules: { as: 'configmap', namespace: 'loki' },
      },
    },
    rules: rules('OwnErrors'),
    tenants: { shop: { namespaces: ['shop'], rules: rules('ShopErrors') } },
  } as Partial<LogAlertingProps>);

/** The setting of the Loki that docs/existing-loki.md requires. */
const REQUIRED = parse(
  /title="loki\.yaml"\n([\s\S]*?)```/.exec(readFileSync(join(__dirname, '../../docs/existing-loki.md'), 'utf8'))?.[1] ??
    '',
);

async function startExternalLoki(alertmanagerUrl: string): Promise<RunningEngine> {
  const directory = join(folder.path, 'rules');
  mkdirSync(directory);
  return stopped(
    startLoki(({ dir }) => {
      const ruler = {
        poll_interval: '1s',
        storage: { type: 'local', local: { directory } },
        alertmanager_url: alertmanagerUrl,
      };
      // biome-ignore lint/suspicious/noExplicitAny: untyped YAML.
      const config = quickLokiConfig({ dir, multiTenant: true, ruler }) as any;
      return { ...config, limits_config: { ...config.limits_config, ...REQUIRED.limits_config } };
    }),
  );
}

/** A key and a certificate of 127.0.0.1, which is its own CA. */
function certificate(): { readonly key: string; readonly cert: string } {
  const [keyFile, certFile] = ['key.pem', 'cert.pem'].map((name) => join(folder.path, name));
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=loki',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      keyFile as string,
      '-out',
      certFile as string,
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(keyFile as string, 'utf8'), cert: readFileSync(certFile as string, 'utf8') };
}

async function until(what: string, holds: () => Promise<boolean>, logs = () => ''): Promise<void> {
  for (let i = 0; !(await holds()); i++) {
    if (i > 150) throw new Error(`not within 45 s: ${what}\n${logs()}`);
    await sleep(300);
  }
}

const count = async (client: Client) => {
  const found = await client.query(
    'sum by (namespace, app, pod, container, job, stream) (count_over_time({app="cart"}[1h]))',
  );
  return found.resultType === 'vector'
    ? found.result.map(({ metric, value }) => `${value[1]} ${metric.job} ${metric.stream}`)
    : [];
};

const CREDENTIALS = [
  ['a user', { basicAuthSecret: 'loki-auth' }, { username: '123456', password: 'p#: "ä' }, 'Basic ', 'base64'],
  ['a token', { tokenSecret: 'loki-token' }, { token: 'glc_x-y.z' }, 'Bearer ', undefined],
] as const;

describe.each(TESTED_COLLECTORS)('%s', (collector) => {
  test.each(CREDENTIALS)(
    'sends lines to an external Loki with %s, and its rules fire',
    async (_, secret, files, scheme, encoding) => {
      const values = Object.values(files).join(':');
      const authorization = scheme + (encoding ? Buffer.from(values).toString(encoding) : values);
      const alertmanager = await stopped(
        startAlertmanager({ route: { receiver: 'null' }, receivers: [{ name: 'null' }] }),
      );
      const loki = await startExternalLoki(alertmanager.url);
      const { key, cert } = certificate();
      const proxy = await startAuthProxy({ target: loki.url, authorization, key, cert });
      closing.push(() => proxy.close());
      const all = manifests(collector, secret, proxy.url);
      const sidecar = new Sidecar({ folder: '/rules' }, folder.path);
      for (const object of all) sidecar.process(object as unknown as RuleObject);
      const { tweak } = mountedAuth({ ...files, 'ca.crt': cert });

      const pods = ['shop', 'mall'].map((namespace, i) => pod(namespace, `cart-${i}`, { labels: { app: 'cart' } }));
      const { node, api } = await setUp(0, pods);
      const [shop, mall] = pods.map((one) => node.log(one, 'main', 'cart'));
      const running = await stopped(
        startCollector(collector, {
          node,
          apiUrl: api.url,
          lokiUrl: proxy.url,
          dir: join(node.dir, 'positions'),
          manifests: all,
          tweak,
        }),
      );
      shop?.lines('card 1 refused', 'card 2 refused');
      mall?.lines('card 3 refused').errors('card 4 refused', 'card 5 refused');

      const ops = new LokiClient(loki.url, { tenant: 'ops' });
      await until(
        'lines of mall',
        async () => (await count(ops)).length === 2,
        () => running.logs() + proxy.requests.join('\n'),
      );
      expect((await count(ops)).sort()).toEqual(['1 mall/cart stdout', '2 mall/cart stderr']);
      expect(await count(new LokiClient(loki.url, { tenant: 'shop' }))).toEqual(['2 shop/cart stdout']);
      expect(proxy.requests.filter((request) => request.startsWith('401'))).toEqual([]);

      const fired = async () => {
        const found = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as {
          labels: Record<string, string>;
        }[];
        return found.map(({ labels }) => `${labels.alertname} ${labels.tenant} ${labels.namespace}`).sort();
      };
      await until(
        'alerts',
        async () => (await fired()).length === 2,
        () => loki.logs(),
      );
      expect(await fired()).toEqual(['OwnErrors undefined mall', 'ShopErrors shop shop']);
    },
  );

  test('reads changed credentials without a restart', async () => {
    const loki = await startExternalLoki('http://127.0.0.1:9');
    const { key, cert } = certificate();
    const proxy = await startAuthProxy({ target: loki.url, authorization: 'Basic YTpvbGQ=', key, cert });
    closing.push(() => proxy.close());
    const { auth, tweak } = mountedAuth({ username: 'a', password: 'old', 'ca.crt': cert });
    const one = pod('mall', 'cart-0', { labels: { app: 'cart' } });
    const { node, api } = await setUp(0, [one]);
    const log = node.log(one, 'main', 'cart');
    const all = manifests(collector, { basicAuthSecret: 'loki-auth' }, proxy.url);
    const running = await stopped(
      startCollector(collector, {
        node,
        apiUrl: api.url,
        lokiUrl: proxy.url,
        dir: join(node.dir, 'positions'),
        manifests: all,
        tweak,
      }),
    );
    const ops = new LokiClient(loki.url, { tenant: 'ops' });
    log.lines('one');
    await until(
      'the first line',
      async () => (await count(ops))[0] === '1 mall/cart stdout',
      () => running.logs(),
    );
    writeFileSync(join(auth, 'password'), 'new');
    proxy.authorization = 'Basic YTpuZXc=';
    log.lines('two');
    await until(
      'the second line',
      async () => (await count(ops))[0] === '2 mall/cart stdout',
      () => running.logs(),
    );
  });
});
