import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine, run } from '../../../lib/engines';
import type { PrometheusAlert } from '../../../lib/monitoring/pipeline-alerts';
import { metricsIn } from '../promql';

/** Factor by which time passes faster for Prometheus: a second of a test is a minute in its rules. */
export const FASTER = 60;

const SCRAPE_MS = 500;

const INTERVAL = `${(SCRAPE_MS * FASTER) / 1000}s`;

/** A scraped pod. */
export interface ScrapedPod {
  readonly namespace: string;
  readonly job: string;
  readonly pod: string;
  readonly url: string;
}

/**
 * Scrapes real programs, and evaluates the alerts with promtool, which has the rule engine of Prometheus. A scrape
 * interval of 0.5 s counts as 30 s, so that all durations of the shipped alerts are divided by 60.
 */
export class TimeLapse {
  private readonly series = new Map<string, (string | undefined)[]>();
  private readonly names: ReadonlySet<string>;
  private readonly ended = new AbortController();
  private readonly loop: Promise<void>;
  private scrapes = 0;

  constructor(
    private readonly targets: ScrapedPod[],
    private readonly alerts: readonly PrometheusAlert[],
  ) {
    this.names = new Set(alerts.flatMap(({ expr }) => metricsIn(expr).map(({ metric }) => metric)));
    this.loop = this.scrapeAll();
  }

  /** Adds a pod to scrape. */
  add(target: ScrapedPod): void {
    this.targets.push(target);
  }

  /** Waits until an alert has fired. @throws after a minute, which is an hour for the rules */
  async untilFiring(name: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await this.fires(name))) {
      if (Date.now() > deadline) throw new Error(`${name} did not fire on:\n${this.shown(name)}`);
      await sleep(1000);
    }
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.loop;
  }

  private async scrapeAll(): Promise<void> {
    for (let next = Date.now(); !this.ended.signal.aborted; next += SCRAPE_MS) {
      const samples = await Promise.all(this.targets.map((target) => this.scrape(target)));
      for (const [name, value] of samples.flat()) {
        const values = this.series.get(name) ?? [];
        values[this.scrapes] = value;
        this.series.set(name, values);
      }
      this.scrapes++;
      await sleep(Math.max(0, next + SCRAPE_MS - Date.now()));
    }
  }

  private async scrape({ url, ...labels }: ScrapedPod): Promise<[series: string, value: string][]> {
    const own = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    // The timeout may end the request or the response.
    const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5 * SCRAPE_MS) })
      .then((response) => response.text())
      .catch(() => undefined);
    const up: [string, string] = [`up{${own.join(',')}}`, text === undefined ? '0' : '1'];
    const samples = (text ?? '').split('\n').flatMap((line): [string, string][] => {
      const [, metric = '', inside = '', value = ''] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (!this.names.has(metric)) return [];
      return [[`${metric}{${[inside, ...own].filter(Boolean).join(',')}}`, value]];
    });
    return [up, ...samples];
  }

  private async fires(name: string): Promise<boolean> {
    const dir = mkdtempSync(join(tmpdir(), 'time-lapse-'));
    try {
      const rules = this.alerts.filter(({ alert }) => alert === name);
      if (rules.length === 0) throw new Error(`unknown alert ${name}`);
      writeFileSync(join(dir, 'rules.json'), JSON.stringify({ groups: [{ name: 'log-pipeline', rules }] }));
      const test = {
        interval: INTERVAL,
        input_series: [...this.series].map(([series, values]) => ({
          series,
          values: Array.from({ length: this.scrapes }, (_, i) => values[i] ?? '_').join(' '),
        })),
        promql_expr_test: [
          {
            // Includes an alert that has resolved meanwhile.
            expr: `count(max_over_time(ALERTS{alertname="${name}",alertstate="firing"}[1d])) > bool 0`,
            eval_time: `${(this.scrapes - 1) * Number.parseInt(INTERVAL, 10)}s`,
            exp_samples: [{ labels: '{}', value: 1 }],
          },
        ],
      };
      writeFileSync(
        join(dir, 'test.json'),
        JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: INTERVAL, tests: [test] }),
      );
      const { code, stdout, stderr } = await run(await findEngine('promtool'), ['test', 'rules', 'test.json'], {
        cwd: dir,
      });
      // Any failure except an unexpected result is an error of the test.
      if (code !== 0 && !/got:\s*nil/.test(stdout + stderr)) throw new Error(stdout + stderr);
      return code === 0;
    } finally {
      rmSync(dir, { recursive: true });
    }
  }

  private shown(name: string): string {
    const { expr = '' } = this.alerts.find(({ alert }) => alert === name) ?? {};
    const metrics = metricsIn(expr).map(({ metric }) => metric);
    return [...this.series]
      .filter(([series]) => metrics.some((metric) => series.startsWith(`${metric}{`)))
      .map(([series, values]) => `${series} ${Array.from(values, (value) => value ?? '_').join(' ')}`)
      .join('\n');
  }
}
