import { InvalidArgumentError } from 'commander';

/** Parses the value of an option with labels, `label=value,…`. */
export function toLabels(text: string): Record<string, string> {
  const labels = text.split(',').map((part) => part.split('=').map((side) => side.trim()));
  if (labels.some((sides) => sides.length !== 2 || !sides[0])) throw new InvalidArgumentError('use label=value,…');
  return Object.fromEntries(labels) as Record<string, string>;
}
