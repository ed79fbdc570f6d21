/**
 * How checks, YAML and shards grow with the number of rules: `npx tsx bench/rules.ts`.
 * One process for each size, so that memory is that size's own.
 */
import { spawnSync } from 'node:child_process';
import { checkRuleFiles } from '../lib/rules/check';
import type { RuleFile } from '../lib/rules/model';
import { readRules } from '../lib/rules/read';
import { shardRules } from '../lib/rules/shards';
import { ruleFileToYaml } from '../lib/rules/write';

const SIZES = [100, 1000, 10_000];
const RULES_PER_GROUP = 10;
const GROUPS_PER_FILE = 40;

interface Row {
  readonly rules: number;
  readonly checkMs: number;
  readonly shardMs: number;
  readonly readMs: number;
  readonly shards: number;
  readonly kib: number;
  readonly findings: number;
  readonly peakMib: number;
}

/** Rules as teams write them: aggregations, filters, parsers, templates. */
function ruleFiles(rules: number): RuleFile[] {
  const groups = Array.from({ length: rules / RULES_PER_GROUP }, (_, g) => ({
    name: `team-${g}`,
    interval: '1m',
    rules: Array.from({ length: RULES_PER_GROUP }, (_, r) => ({
      alert: `ErrorBurst_${g}_${r}`,
      expr: `sum by (namespace, app) (\n  count_over_time({namespace="team-${g}", app="app-${r}"} |= "error" | json | __error__="" | status >= 500 | __error__="" [5m])\n) > ${r + 1}`,
      for: '5m',
      labels: { severity: 'warning', team: `team-${g}` },
      annotations: {
        title: 'Errors in {{ $labels.namespace }}/{{ $labels.app }}',
        description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} errors in five minutes.',
        action: 'Look at the log, and at what was deployed last.',
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

function measure(rules: number): Row {
  const files = ruleFiles(rules);
  const [checkMs, findings] = timed(() => checkRuleFiles(files));
  const [shardMs, shards] = timed(() => shardRules(files));
  const texts = files.map((file) => [ruleFileToYaml(file), file.name] as const);
  const [readMs] = timed(() => texts.map(([text, name]) => readRules(text, name)));
  const bytes = shards
    .flatMap(({ data }) => Object.values(data))
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const peakMib = process.resourceUsage().maxRSS / 1024;
  return {
    rules,
    checkMs,
    shardMs,
    readMs,
    shards: shards.length,
    kib: bytes / 1024,
    findings: findings.length,
    peakMib,
  };
}

function main(): void {
  const rows = SIZES.map((size): Row => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, __filename, String(size)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Row;
  });
  const columns = [
    'rules',
    'check ms',
    'shard ms',
    'read ms',
    'shards',
    'KiB',
    'findings',
    'peak MiB',
    'check+shard ms a rule',
    'ratio to the row above',
  ];
  console.log(columns.join(' | '));
  rows.forEach((row, i) => {
    const { checkMs, shardMs, rules } = row;
    const before = rows[i - 1];
    const ratio = before
      ? `${((checkMs + shardMs) / (before.checkMs + before.shardMs)).toFixed(1)} for ${rules / before.rules}`
      : '';
    const cells = [rules, checkMs, shardMs, row.readMs, row.shards, row.kib, row.findings, row.peakMib].map((n) =>
      n.toFixed(0),
    );
    console.log([...cells, ((checkMs + shardMs) / rules).toFixed(3), ratio].join(' | '));
  });
}

const [size] = process.argv.slice(2);
if (size === undefined) main();
else console.log(JSON.stringify(measure(Number(size))));
