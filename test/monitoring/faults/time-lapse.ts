import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine, run } from '../../../lib/engines';
import type { PrometheusAlert } from '../../../lib/monitoring/pipeline-alerts';
import { asked } from '../promql';

/** How much faster time runs for Prometheus: a second of a test is a minute of its rules. */
export const FASTER = 60;

const SCRAPE_MS = 500;

const INTERVAL = `${(SCRAPE_MS * FASTER) / 1000}s`;

/** What a Prometheus scrapes: one pod. */
export interface Scraped {
  readonly namespace: string;
  readonly job: string;
  readonly pod: string;
  readonly url: string;
}

/**
 * Scrapes real programs and has promtool, which is Prometheus' own rule engine, judge what they served. A scrape every
 * half second counts as one every half minute, so that every duration of the shipped alerts is a sixtieth, all alike.
 */
export class TimeLapse {
  private readonly series = new Map<string, (string | undefined)[]>();
  private readonly names: ReadonlySet<string>;
  private readonly ended = new AbortController();
  private readonly loop: Promise<void>;
  private scrapes = 0;

  constructor(
    private readonly targets: Scraped[],
    private readonly alerts: readonly PrometheusAlert[],
  ) {
    this.names = new Set(alerts.flatMap(({ expr }) => asked(expr).map(({ metric }) => metric)));
    this.loop = this.scrapeAll();
  }

  /** Scrapes one more. */
  add(target: Scraped): void {
    this.targets.push(target);
  }

  /** Waits until an alert has fired. @throws after a minute, which is an hour of the rules */
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

  private async scrape({ url, ...labels }: Scraped): Promise<[series: string, value: string][]> {
    const own = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5 * SCRAPE_MS) }).then(
      (response) => response.text(),
      () => undefined,
    );
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
      if (rules.length === 0) throw new Error(`there is no alert ${name}`);
      writeFileSync(join(dir, 'rules.json'), JSON.stringify({ groups: [{ name: 'log-pipeline', rules }] }));
      const test = {
        interval: INTERVAL,
        input_series: [...this.series].map(([series, values]) => ({
          series,
          values: Array.from({ length: this.scrapes }, (_, i) => values[i] ?? '_').join(' '),
        })),
        promql_expr_test: [
          {
            // One that ended in the meantime has been seen.
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
      // Anything but a wrong result is a fault of the test.
      if (code !== 0 && !/got:\s*nil/.test(stdout + stderr)) throw new Error(stdout + stderr);
      return code === 0;
    } finally {
      rmSync(dir, { recursive: true });
    }
  }

  private shown(name: string): string {
    const { expr = '' } = this.alerts.find(({ alert }) => alert === name) ?? {};
    const metrics = asked(expr).map(({ metric }) => metric);
    return [...this.series]
      .filter(([series]) => metrics.some((metric) => series.startsWith(`${metric}{`)))
      .map(([series, values]) => `${series} ${Array.from(values, (value) => value ?? '_').join(' ')}`)
      .join('\n');
  }
}
