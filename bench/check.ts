import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../lib/engines';
import { makeTempFolder, removeTempFolder } from '../lib/engines/cleanup';
import { type Figure, median, type Subject } from './figure';
import { timedNode } from './timed-process';

/** Rules of the public Sigma repository, each of which is one file for Loki: a large rule set that people have. */
const SIGMA_RULES = 3746;
/** YAML files of a large repository, none of them for Loki. */
const OTHER_FILES = 24_000;
/** Odd, so that the median is one of the runs. */
const ROUNDS = 5;

const PROGRAM = join('bin', 'loki-alerts.js');

export const check: Subject = {
  name: 'check',
  description: 'loki-alerts check of one rule, of as many as Sigma has, and of a large repository; 60 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const folder = makeTempFolder();
  const into = (name: string, count: number, text: (i: number) => string) => {
    for (let i = 0; i < count; i++) {
      const path = join(folder, name, `${Math.floor(i / 200)}`);
      if (i % 200 === 0) mkdirSync(path, { recursive: true });
      writeFileSync(join(path, `${i}.yaml`), text(i));
    }
    return join(folder, name);
  };
  try {
    onProgress('writing files');
    const one = into('one', 1, ruleFile);
    const half = into('half', SIGMA_RULES / 2, ruleFile);
    const all = into('all', SIGMA_RULES, ruleFile);
    const others = into('others', OTHER_FILES, otherFile);
    // The first run fills the caches of the transpiler and the file system.
    await run(one);
    const rounds: number[] = [];
    while (rounds.length < ROUNDS) rounds.push((await run(one)).seconds);
    onProgress('rules');
    const halfRun = await run(half);
    const allRun = await run(all);
    onProgress('other files');
    const othersRun = await run(others);
    const of = `${SIGMA_RULES.toLocaleString('en-US')} rules`;
    const start = median(rounds);
    return [
      { what: 'check one rule', value: start, unit: 's', note: `median of ${ROUNDS}; most of it is the start` },
      {
        what: `check ${of}`,
        value: allRun.seconds,
        unit: 's',
        aim: { atMost: 3 },
        note: 'one file each, as from pySigma',
      },
      { what: `peak memory, ${of}`, value: allRun.peakMib, unit: 'MiB', aim: { atMost: 200 } },
      {
        what: `growth to ${of}`,
        value: (allRun.seconds - start) / (halfRun.seconds - start),
        unit: 'x',
        aim: { atMost: 2.2 },
        note: 'for twice as many, without the start',
      },
      {
        what: `check ${OTHER_FILES.toLocaleString('en-US')} other files`,
        value: othersRun.seconds,
        unit: 's',
        aim: { atMost: 10 },
        note: 'Deployments, definitions of resources, values and templates',
      },
      { what: 'peak memory, other files', value: othersRun.peakMib, unit: 'MiB' },
    ];
  } finally {
    removeTempFolder(folder);
  }
}

/** @throws if the check could not run */
async function run(path: string) {
  const result = await timedNode([PROGRAM, 'check', '--quiet', path]);
  if (result.code === null || result.code > 1)
    throw new Error(`check failed with exit code ${result.code}: ${result.stderr}`);
  return result;
}

/** A rule as pySigma's backend for Loki writes it: a line filter, a parser, and regular expressions on its fields. */
function ruleFile(i: number): string {
  const filters = Array.from({ length: 8 }, (_, n) => `CommandLine=~\`(?i).*\\\\tool${i}-${n}\\.exe.*\``).join(' or ');
  const excluded = Array.from({ length: 4 }, (_, n) => `ParentImage!~\`(?i).*\\\\parent${i}-${n}\\.exe$\``).join(
    ' and ',
  );
  return `groups:
- name: Sigma rules
  rules:
  - alert: Suspicious_Tool_${i}
    annotations:
      author: a person
      description: Detects the execution of tool ${i}, which attackers use
      summary: Suspicious tool ${i}
    expr: sum(count_over_time({job=~"eventlog|winlog|windows|fluentbit.*"} |~ \`(?i).*tool${i}.*\`
      | json | (${filters}) and ${excluded} [1m])) or vector(0) > 0
    labels:
      severity: medium
`;
}

/** Files of four kinds, some with fields that rules and routes have too. */
function otherFile(i: number): string {
  const fields = Array.from({ length: 30 }, (_, n) => n);
  switch (i % 4) {
    case 0:
      return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${i}\nspec:\n  template:\n    spec:\n      containers:\n${fields.map((n) => `        - name: c${n}\n          image: app:${n}\n`).join('')}`;
    case 1:
      return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: d${i}.example.com\nspec:\n  schema:\n    properties:\n${fields.map((n) => `      f${n}:\n        description: a field\n        type: string\n`).join('')}      groups:\n        type: array\n      expr:\n        type: string\n`;
    case 2:
      return `replicas: 2\nroute:\n  enabled: true\n${fields.map((n) => `value${n}:\n  enabled: false\n  name: n${n}\n`).join('')}`;
    default:
      return `{{- if .Values.enabled }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  ports:\n${fields.map((n) => `    - port: {{ .Values.port${n} }}\n`).join('')}{{- end }}\n`;
  }
}
