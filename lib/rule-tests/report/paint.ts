import { styleText } from 'node:util';

/** Colors a text for the terminal, or returns it unchanged. */
export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

export const plain: Paint = (_style, text) => text;

export const colored: Paint = (style, text) => styleText(style, text);

/** Returns colors for a terminal, unless NO_COLOR is set (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  return stream.isTTY && !process.env.NO_COLOR ? colored : plain;
}
