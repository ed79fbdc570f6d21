import { LineCounter } from 'yaml';
import type { Finding, Place } from '../checks/findings';

/** A text, with the place in a file for each offset in the text. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

/** Byte order mark at the start of a file, which YAML parsers skip. */
const BYTE_ORDER_MARK = '\ufeff';

/** Source of a whole file. */
export function sourceText(file: string, content: string): SourceText {
  // A single carriage return ends a line for go-yaml, but not for the package.
  const text = content.replace(/\r(?!\n)/g, '\n');
  // Most files of a folder need no place.
  let lines: LineCounter | undefined;
  const marked = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  return {
    file,
    text,
    placeAt: (offset) => {
      lines ??= lineCounterOf(text);
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      return { file, line, column: line === 1 ? Math.max(col - marked, 1) : col, offset };
    },
  };
}

/** Returns a finding in a text inside a file, which counts lines from its own start, with the place in the file. */
export function placeIn(source: SourceText, found: Finding): Finding {
  const offset = found.place?.offset;
  return offset === undefined ? found : { ...found, place: source.placeAt(offset) };
}

function lineCounterOf(text: string): LineCounter {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return counter;
}
