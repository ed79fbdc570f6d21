import type { CheckId } from '../checks';
import type { Place } from '../checks/findings';
import { credentialsIn } from '../credentials';
import type { Paint } from '../text/paint';
import { loadText, STDIN_NAME } from '../yaml/load';

/** Findings whose line is a credential, which must not be in the log of a CI job. */
const ON_CREDENTIALS: ReadonlySet<CheckId> = new Set(['inline-secret', 'migrate-credential']);

/** A value in base64, such as one of a Secret. */
const ENCODED = /[:\s"'][A-Za-z0-9+/]{24,}={0,2}["']?\s*$/;

/** Columns of an excerpt that does not go to a terminal: what most editors and CI logs show without wrapping. */
const WIDTH = 120;

/** Columns before the line number, and between it and the line. */
const MARGIN = 2;
const SEPARATOR = ' | ';

/** Lines of source around findings. Keeps one file at a time, since findings are in the order of files. */
export class Excerpts {
  private file?: string;
  private lines: readonly string[] = [];

  /**
   * @param stdin text of standard input, which cannot be read twice
   * @param width columns of the terminal @default 120
   */
  constructor(
    private readonly paint: Paint,
    private readonly stdin = '',
    private readonly width = WIDTH,
  ) {}

  /** Returns the line of a place, and a caret under its column; nothing if the line cannot or must not be shown. */
  at({ file, line, column }: Place, id: CheckId): string[] {
    if (line === undefined || column === undefined || ON_CREDENTIALS.has(id)) return [];
    const text = this.linesOf(file)[line - 1];
    if (text === undefined || text.trim() === '' || ENCODED.test(text) || credentialsIn(text).length > 0) return [];
    const number = String(line);
    const room = Math.max(this.width - MARGIN - number.length - SEPARATOR.length, 20);
    const { shown, before } = windowOf(printable(text), column - 1, room);
    const gutter = (label: string) => this.paint('dim', `${' '.repeat(MARGIN)}${label}${SEPARATOR}`);
    return [
      `${gutter(number)}${shown}`.trimEnd(),
      `${gutter(' '.repeat(number.length))}${' '.repeat(widthOf(before))}${this.paint('green', '^')}`,
    ];
  }

  private linesOf(file: string): readonly string[] {
    if (this.file === file) return this.lines;
    this.file = file;
    this.lines = (file === STDIN_NAME ? this.stdin : textOf(file)).replace(/^\ufeff/, '').split('\n');
    return this.lines;
  }
}

function textOf(file: string): string {
  const source = loadText(file);
  return 'id' in source ? '' : source.text;
}

/** Replaces each character that moves the cursor by a space. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => ' '.repeat(character.length));
}

/** The part of a line around an offset that fits, and the part of that before the offset. */
function windowOf(line: string, offset: number, room: number): { readonly shown: string; readonly before: string } {
  if (line.length <= room) return { shown: line, before: line.slice(0, offset) };
  const from = Math.max(Math.min(offset - Math.floor(room / 2), line.length - room + 1), 0);
  const start = from > 0 ? '…' : '';
  const fits = from + room - start.length;
  const to = fits < line.length ? fits - 1 : fits;
  return {
    shown: `${start}${line.slice(from, to)}${to < line.length ? '…' : ''}`,
    before: `${start}${line.slice(from, offset)}`,
  };
}

/** East Asian scripts and emoji, which take two columns of a terminal. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]|\p{Emoji_Presentation}/u;

/** Columns of a text in a terminal. */
function widthOf(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}
