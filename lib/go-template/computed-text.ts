/** A value of a text that is only known when the template is executed. */
export interface UnknownValue {
  readonly kind: 'string' | 'number' | 'any';
  /** True if it is a Go string in quotes, as `%q` writes it. */
  readonly quoted: boolean;
  /** Verb of `printf` that writes it. @default none, it is written as it is */
  readonly verb?: string;
  /** Label that it is, of the alert or of a sample. @default not a label, or not known */
  readonly label?: string;
}

/** Character that stands for a value: private use, so that no template has it. */
const UNKNOWN = '\ue000';

/** A text that a template computes, as far as it is known without executing it. */
export interface ComputedText {
  /** Text, with one character in place of each unknown value. */
  readonly text: string;
  /** Offset in the template of each UTF-16 unit of `text`. */
  readonly offsets: readonly number[];
  /** Unknown values, in the order of the text. */
  readonly values: readonly UnknownValue[];
}

/** A text with a value in place of each unknown one. */
export interface FilledText {
  readonly text: string;
  /** Offset in the template of each UTF-16 unit of `text`, and of its end. */
  readonly offsets: readonly number[];
}

/** Returns a known text. @param offsets of its UTF-16 units; one for all of them if they are in one place */
export function known(text: string, offsets: readonly number[] | number): ComputedText {
  return {
    text,
    offsets: typeof offsets === 'number' ? Array.from({ length: text.length }, () => offsets) : offsets,
    values: [],
  };
}

/** Returns a text that is one unknown value. */
export function unknown(value: UnknownValue, offset: number): ComputedText {
  return { text: UNKNOWN, offsets: [offset], values: [value] };
}

/** Joins texts. */
export function joined(texts: readonly ComputedText[]): ComputedText {
  return {
    text: texts.map(({ text }) => text).join(''),
    offsets: texts.flatMap(({ offsets }) => offsets),
    values: texts.flatMap(({ values }) => values),
  };
}

/** Replaces the unknown values. */
export function filled(
  { text, offsets, values }: ComputedText,
  write: (value: UnknownValue, index: number) => string,
): FilledText {
  let index = 0;
  const parts: string[] = [];
  const places: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const value = char === UNKNOWN ? values[index] : undefined;
    const part = value ? write(value, index++) : char;
    parts.push(part);
    for (let unit = 0; unit < part.length; unit++) places.push(offsets[at] ?? 0);
  }
  return { text: parts.join(''), offsets: [...places, (places.at(-1) ?? -1) + 1] };
}
