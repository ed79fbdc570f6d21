/**
 * `npm run bench -- [subjects…]`: measures figures on this machine and prints them with their targets. Asserts nothing.
 */
import { Command } from 'commander';
import { check } from './check';
import { detection } from './detection';
import { distributed } from './distributed';

import type { Figure, Subject } from './figure';
import { idle } from './idle';
import { linesCost } from './lines-cost';
import { renderMachine, thisMachine } from './machine';
import { packageSubject } from './package';
import { profiles } from './profiles';
import { ruleCost } from './rule-cost';
import { ruleTests } from './rule-tests';
import { rules } from './rules';
import { synth } from './synth';
import { tests } from './tests';
import { throughput } from './throughput';

const SUBJECTS: readonly Subject[] = [
  synth,
  packageSubject,
  profiles,
  tests,
  check,
  detection,
  idle,
  throughput,
  rules,
  ruleCost,
  linesCost,
  ruleTests,
  distributed,
];

interface Row extends Figure {
  readonly subject: string;
}

async function bench(names: readonly string[], options: { readonly json?: boolean }): Promise<boolean> {
  const unknown = names.filter((name) => !SUBJECTS.some((subject) => subject.name === name));
  if (unknown.length > 0)
    throw new Error(
      `unknown subject: ${unknown.join(', ')}. Use one of: ${SUBJECTS.map(({ name }) => name).join(', ')}`,
    );
  const machine = thisMachine();
  const rows: Row[] = [];
  let complete = true;
  for (const subject of SUBJECTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const print = (line: string) => process.stderr.write(`${subject.name}: ${line}\n`);
    try {
      rows.push(...(await subject.measure(print)).map((figure) => ({ subject: subject.name, ...figure })));
    } catch (error) {
      complete = false;
      print(error instanceof Error ? error.message : String(error));
    }
  }
  process.stdout.write(options.json ? `${JSON.stringify({ machine, figures: rows })}\n` : renderRows(rows));
  if (!options.json) process.stdout.write(`\n${renderMachine(machine)}\n`);
  return complete;
}

function renderRows(rows: readonly Row[]): string {
  const cells = rows.map(({ subject, what, value, unit, aim, note = '' }) => [
    subject,
    what,
    value === undefined ? 'not measured' : `${shown(value)} ${unit}`.trim(),
    aim === undefined ? '' : 'atMost' in aim ? `<= ${aim.atMost} ${unit}`.trim() : `>= ${aim.atLeast} ${unit}`.trim(),
    note,
  ]);
  const table = [['subject', 'figure', 'value', 'target', 'note'], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Formats a value with three significant digits, without rounding its integer part. */
function shown(value: number): string {
  const decimals = Math.max(0, 2 - Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

new Command('npm run bench --')
  .description(
    'Measures figures on this machine and prints them with their targets. Needs the engines of `npm run engines`.',
  )
  .argument('[subjects...]', 'what to measure (default: everything)')
  .option('--json', 'print one JSON object: machine, figures')
  .addHelpText(
    'after',
    `\nSubjects:\n${SUBJECTS.map(({ name, description }) => `  ${name.padEnd(12)}${description}`).join('\n')}
\nExit code: 0, or 1 if a subject could not be measured.`,
  )
  .action(async (names: readonly string[], options: { readonly json?: boolean }) => {
    process.exitCode = (await bench(names, options)) ? 0 : 1;
  })
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  });
