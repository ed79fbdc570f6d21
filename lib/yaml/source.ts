import { LineCounter } from 'yaml';
import type { Finding, Place } from '../checks/findings';

/** A text and the way from an offset in it to a place in a file. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

/** Unicode's mark at the start of a file, which readers of YAML pass over. */
const BYTE_ORDER_MARK = '\ufeff';

/** A text that starts at the start of its file. */
export function sourceText(file: string, content: string): SourceText {
  // A carriage return alone ends a line for Go's YAML readers, and not for ours.
  const text = content.replace(/\r(?!\n)/g, '\n');
  const lines = lineCounterOf(text);
  const marked = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  return {
    file,
    text,
    placeAt: (offset) => {
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      return { file, line, column: line === 1 ? Math.max(col - marked, 1) : col, offset };
    },
  };
}

/** The finding with its place in the file: a text inside of it counts its lines from its own start. */
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
