import { formatDuration } from '../../text/duration';
import type { Paint } from '../../text/paint';
import { formatLabels } from '../labels';
import type { Timeline } from '../result';
import type { Series } from '../series';

/** Columns and rows of the plot: fit a terminal of 80 columns, together with the diff above the plot. */
const WIDTH = 60;
const HEIGHT = 8;

/** Signs of the plotted series; more would be noise. */
const SIGNS = ['●', '○', '◆', '◇', '▲'];

/** Plots an expression and its threshold over test time, with the states of its alert below. */
export function plot(timeline: Timeline, paint: Paint): string[] {
  const { lastStep, intervalMs, threshold, histories, marks } = timeline;
  if (timeline.series.length === 0) {
    return [
      paint(
        'bold',
        `${timeline.alert}: the expression never returns a value: no line matches its selector and filters`,
      ),
    ];
  }
  const stretch = Math.max(1, Math.floor(WIDTH / (lastStep + 1)));
  const columns = Math.min(WIDTH, (lastStep + 1) * stretch);
  /** Columns of an evaluation: several if there are few evaluations; with many, evaluations share a column. */
  const columnsOf = (step: number) => {
    const first = stretch > 1 ? step * stretch : lastStep === 0 ? 0 : Math.round((step * (columns - 1)) / lastStep);
    return Array.from({ length: stretch }, (_, i) => first + i);
  };
  const shown = highest(timeline.series);
  const numbers = shown.flatMap(({ values }) => [...values.values()].map(Number).filter(Number.isFinite));
  const bounds = [...numbers, ...(threshold ? [threshold.value] : []), 0];
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const span = high - low || 1;
  const rowOf = (value: number) => HEIGHT - 1 - Math.round(((value - low) * (HEIGHT - 1)) / span);

  const grid = Array.from({ length: HEIGHT }, () => Array<string>(columns).fill(' '));
  if (threshold) grid[rowOf(threshold.value)]?.fill(paint('yellow', '┄'));
  for (const [i, { values }] of shown.entries()) {
    for (const [step, value] of values) {
      const row = grid[rowOf(Number(value))];
      if (row) for (const column of columnsOf(step)) row[column] = paint('cyan', SIGNS[i] ?? '●');
    }
  }

  const ticks = new Map([
    [0, high],
    [HEIGHT - 1, low],
    ...(threshold ? [[rowOf(threshold.value), threshold.value] as const] : []),
  ]);
  const labels = grid.map((_, row) => (ticks.has(row) ? round(ticks.get(row) ?? 0) : ''));
  const margin = Math.max(5, ...labels.map((label) => label.length));
  const states = Array<string>(columns).fill('·');
  const drawStates = (steps: ReadonlySet<number>, sign: string) => {
    for (const column of [...steps].flatMap(columnsOf)) states[column] = sign;
  };
  for (const { pending } of histories) drawStates(pending, '▒');
  for (const { firing } of histories) drawStates(firing, '█');
  const looks = Array<string>(columns).fill(' ');
  for (const { step, passed } of marks)
    looks[columnsOf(step)[0] ?? 0] = passed ? paint('green', '✓') : paint('red', '✗');

  const { from, to } = timeline.span ?? { from: '0s', to: formatDuration(lastStep * intervalMs) };
  const compared = threshold ? ` against ${threshold.operator} ${threshold.value}` : '';
  return [
    paint('bold', `${timeline.alert}: the expression${compared}, every ${formatDuration(intervalMs)}`),
    ...grid.map((row, i) => `${(labels[i] ?? '').padStart(margin)} │${row.join('')}`),
    `${''.padStart(margin)} └${'─'.repeat(columns)}`,
    `${''.padStart(margin)}  ${from}${to.padStart(Math.max(0, columns - from.length))}`,
    `${'state'.padStart(margin)}  ${states.map((state) => (state === '█' ? paint('red', state) : state === '▒' ? paint('yellow', state) : state)).join('')}  ▒ pending  █ firing`,
    ...(marks.length > 0 ? [`${'test'.padStart(margin)}  ${looks.join('')}`] : []),
    ...legend(timeline.series, shown).map((line) => `${''.padStart(margin)}  ${line}`),
  ];
}

/** Returns the series with the highest values. */
function highest(series: readonly Series[]): Series[] {
  const peak = ({ values }: Series) => Math.max(...[...values.values()].map(Number).filter(Number.isFinite));
  return [...series].sort((a, b) => peak(b) - peak(a)).slice(0, SIGNS.length);
}

function legend(all: readonly Series[], shown: readonly Series[]): string[] {
  const lines = shown.map(({ labels }, i) => `${SIGNS[i]} ${formatLabels(labels)}`);
  return all.length > shown.length ? [...lines, `and ${all.length - shown.length} lower series`] : lines;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
