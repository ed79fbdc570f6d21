import { styleText } from 'node:util';

/** Colors a text for the terminal, or returns it unchanged. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

export const plain: Paint = (_style, text) => text;

// This module decides on colors, not Node, which only knows its own standard output.
export const colored: Paint = (style, text) => styleText(style, text, { validateStream: false });

/**
 * Returns colors for a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal has none. FORCE_COLOR
 * takes precedence, as in Node: it sets colors without a terminal, and `FORCE_COLOR=0` none.
 */
export function paintFor(stream: { readonly isTTY?: boolean }, env = process.env): Paint {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = env;
  if (force !== undefined) return force === '0' || force === 'false' ? plain : colored;
  return stream.isTTY && !no && terminal !== 'dumb' ? colored : plain;
}
