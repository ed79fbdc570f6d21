import { join } from 'node:path';
import { App } from 'cdk8s';
import { LogAlerting } from '../lib';
import type { OnProgress } from '../lib/engines';
import { makeTempFolder, removeTempFolder } from '../lib/engines/cleanup';
import { checkRuleFiles } from '../lib/rules/check-rules';
import type { RuleFile } from '../lib/rules/model';
import { readRules } from '../lib/rules/read';
import { shardRules } from '../lib/rules/shards';
import { ruleFileToYaml } from '../lib/rules/write';
import { HIGH_LOG_RATE } from '../rules/high-log-rate';
import type { Figure, Subject } from './figure';
import { timedNode } from './timed-process';

const SIZES = [100, 1000, 10_000];
const RULES_PER_GROUP = 10;
const GROUPS_PER_FILE = 40;

/** Maximum for the largest size; smaller sizes show the growth. */
const AIM = { synthS: 10, peakMib: 1024 };

export const rules: Subject = {
  name: 'rules',
  description: 'checks, YAML and synthesis of 100 to 10,000 rules; 30 s',
  measure,
};

/** Duration of each step in milliseconds, and the results. */
interface Row {
  readonly rules: number;
  readonly checkMs: number;
  readonly shardMs: number;
  readonly readMs: number;
  /** The whole app: checks, shards and all manifests. */
  readonly synthMs: number;
  readonly shards: number;
  readonly kib: number;
  readonly findings: number;
}

/** Returns typical rules, with aggregations, filters, parsers and templates. */
function ruleFiles(rules: number): RuleFile[] {
  const groups = Array.from({ length: rules / RULES_PER_GROUP }, (_, g) => ({
    name: `team-${g}`,
    interval: '1m',
    rules: Array.from({ length: RULES_PER_GROUP }, (_, r) => ({
      alert: `ErrorBurst_${g}_${r}`,
      expr: `sum by (namespace, app) (\n  count_over_time({namespace="team-${g}", app="app-${r}"} |= "error" | json | __error__="" | status >= 500 | __error__="" [5m])\n) > ${r + 1}`,
      for: '5m',
      labels: { severity: 'warning', team: 'devops' },
      annotations: {
        title: 'Errors in {{ $labels.namespace }}/{{ $labels.app }}',
        description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} errors in five minutes.',
        action: 'Check the log and the last deployment.',
      },
    })),
  }));
  return Array.from({ length: Math.ceil(groups.length / GROUPS_PER_FILE) }, (_, f) => ({
    name: `rules-${f}.yaml`,
    groups: groups.slice(f * GROUPS_PER_FILE, (f + 1) * GROUPS_PER_FILE),
  }));
}

function timed<T>(work: () => T): [number, T] {
  const start = process.hrtime.bigint();
  const result = work();
  return [Number(process.hrtime.bigint() - start) / 1e6, result];
}

function measureSize(rules: number): Row {
  const files = ruleFiles(rules);
  const [checkMs, findings] = timed(() => checkRuleFiles(files));
  const [shardMs, shards] = timed(() => shardRules(files));
  const texts = files.map((file) => [ruleFileToYaml(file), file.name] as const);
  const [readMs] = timed(() => texts.map(([text, name]) => readRules(text, name)));
  const [synthMs] = timed(() => synthesize(files));
  const bytes = shards
    .flatMap(({ data }) => Object.values(data))
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    rules,
    checkMs,
    shardMs,
    readMs,
    synthMs,
    shards: shards.length,
    kib: bytes / 1024,
    findings: findings.length,
  };
}

function synthesize(files: readonly RuleFile[]): void {
  const outdir = makeTempFolder();
  try {
    const app = new App({ outdir });
    new LogAlerting(app, 'log-alerting', { rules: files, rateAlert: HIGH_LOG_RATE });
    app.synth();
  } finally {
    removeTempFolder(outdir);
  }
}

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const figures: Figure[] = [];
  let before: Row | undefined;
  for (const size of SIZES) {
    onProgress(`${size} rules`);
    // One process per size, so that memory is not shared.
    const { code, stdout, stderr, peakMib } = await timedNode([join('scripts', 'run.js'), __filename, String(size)]);
    if (code !== 0) throw new Error(stderr);
    const row = JSON.parse(stdout) as Row;
    figures.push(...figuresOf(row, peakMib, before));
    before = row;
  }
  return figures;
}

function figuresOf(row: Row, peakMib: number, before?: Row): Figure[] {
  const of = `${row.rules.toLocaleString('en-US')} rules`;
  const largest = row.rules === Math.max(...SIZES);
  const atMost = (value: number) => (largest ? { atMost: value } : undefined);
  const growth = before && row.rules / before.rules;
  return [
    { what: `check ${of}`, value: row.checkMs, unit: 'ms', note: `${row.findings} findings` },
    {
      what: `write ${of}`,
      value: row.shardMs,
      unit: 'ms',
      note: `${row.shards} ConfigMaps, ${row.kib.toFixed(0)} KiB`,
    },
    { what: `read ${of}`, value: row.readMs, unit: 'ms' },
    {
      what: `synthesize ${of}`,
      value: row.synthMs / 1000,
      unit: 's',
      aim: atMost(AIM.synthS),
      note: 'the whole app, including checks',
    },
    { what: `peak memory, ${of}`, value: peakMib, unit: 'MiB', aim: atMost(AIM.peakMib), note: 'all of the above' },
    ...(before && growth
      ? [
          {
            what: `synthesis, growth to ${of}`,
            value: row.synthMs / before.synthMs,
            unit: 'x',
            aim: { atMost: growth },
            note: `for ${growth} times as many`,
          },
        ]
      : []),
  ];
}

// Measures one size as a separate process.
if (process.argv[1] === __filename) console.log(JSON.stringify(measureSize(Number(process.argv[2]))));
