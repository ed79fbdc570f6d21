import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { LogAlertingProps, RuleFile } from '../../lib';
import type { CollectorName } from '../../lib/collector/collectors';
import { localLokiConfig, localLokiFiles } from '../../lib/demo-run/local-configs';
import { LokiClient, type RunningEngine, startAlertmanager, startLoki } from '../../lib/engines';
import { pod } from '../collector/pods';
import { useNodes } from '../collector/scenario';
import { startCollector, TESTED_COLLECTORS } from '../collector/stage';
import { synthObjects } from '../manifests/synth';

const rules = (alert: string): readonly RuleFile[] => [
  {
    name: 'errors.yaml',
    groups: [
      {
        name: 'errors',
        rules: [
          {
            alert,
            expr: 'sum by (app) (count_over_time({app="cart"} |= "refused" [5m])) > 2',
            labels: { severity: 'warning', team: 'devops' },
            annotations: { title: '{{ $value }} refused', description: 'Cards are refused.' },
          },
        ],
      },
    ],
  },
];

const TENANTS: LogAlertingProps['tenants'] = {
  shop: { namespaces: ['shop', 'shop-jobs'], rules: rules('ShopErrors') },
  bank: { namespaces: ['bank'], rules: rules('BankErrors'), limits: { max_line_size: '1KB' } },
};

const { setUp, stopped } = useNodes();

const manifests = (collector: CollectorName) =>
  synthObjects({ tenants: TENANTS, collector, rules: rules('OwnErrors'), loki: { evaluationInterval: '1s' } });

/** Returns the alerts in Alertmanager by name and tenant. */
async function alerts({ url }: RunningEngine): Promise<string[]> {
  const found = (await (await fetch(`${url}/api/v2/alerts`)).json()) as {
    labels: Record<string, string>;
    annotations: Record<string, string>;
  }[];
  return found.map(({ labels, annotations }) => `${labels.alertname} ${labels.tenant}: ${annotations.title}`).sort();
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within 40 s: ${what}`);
    await sleep(200);
  }
}

describe.each(TESTED_COLLECTORS)('with %s', (collector) => {
  test('gives each tenant the logs of its namespaces, rules that only read these, and limits that change without a restart', async () => {
    const all = manifests(collector);
    const cart = (namespace: string, name: string) => pod(namespace, name, { labels: { app: 'cart' } });
    const pods = [cart('shop', 'cart-0'), cart('shop-jobs', 'cart-1'), cart('bank', 'cart-2'), cart('mall', 'cart-3')];
    const { node, api } = await setUp(0, pods);
    const [shop, jobs, bank, mall] = pods.map((one) => node.log(one, 'main', 'cart'));
    const alertmanager = await stopped(
      startAlertmanager({ route: { receiver: 'null' }, receivers: [{ name: 'null' }] }),
    );
    const loki = await stopped(
      startLoki(({ dir }) => localLokiConfig(all, dir, alertmanager.url), { files: localLokiFiles(all) }),
    );
    await stopped(
      startCollector(collector, {
        node,
        apiUrl: api.url,
        lokiUrl: loki.url,
        dir: join(node.dir, 'positions'),
        manifests: all,
      }),
    );

    shop?.lines('card 1 refused', 'card 2 refused', 'all is well');
    jobs?.lines('card 3 refused');
    bank?.lines('card 4 refused', 'card 5 refused');
    mall?.lines('card 6 refused', 'card 7 refused', 'card 8 refused', 'card 9 refused');

    const count = async (tenant: string) => {
      const found = await new LokiClient(loki.url, { tenant }).query('sum(count_over_time({app="cart"}[1h]))');
      return found.resultType === 'vector' ? found.result[0]?.value[1] : undefined;
    };
    const counts = async () => [
      await count('shop'),
      await count('bank'),
      await count('fake'),
      await count('fake|shop|bank'),
    ];
    await until('every line is in Loki', async () => (await counts())[3] === '10');
    expect(await counts()).toEqual(['4', '2', '4', '10']);
    await until('alerts', async () => (await alerts(alertmanager)).length >= 2);
    expect(await alerts(alertmanager)).toEqual(['OwnErrors undefined: 4 refused', 'ShopErrors shop: 3 refused']);
    await expect(new LokiClient(loki.url).query('{app="cart"}')).rejects.toThrow(/no org id/);

    const long = { labels: { app: 'long' }, entries: [[BigInt(Date.now()) * 1_000_000n, 'x'.repeat(2000)] as const] };
    const push = (tenant: string) => new LokiClient(loki.url, { tenant }).push([long]);
    await push('shop');
    await expect(push('bank')).rejects.toThrow(/max entry size '1024' bytes exceeded|line too long/i);
    const file = join(loki.dir, 'runtime/overrides.yaml');
    const changed = parse(readFileSync(file, 'utf8'));
    changed.overrides.bank.max_line_size = '4KB';
    writeFileSync(file, stringify(changed));
    await until('the limit is read anew', () =>
      push('bank').then(
        () => true,
        () => false,
      ),
    );
  });
});
