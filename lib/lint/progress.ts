/** Shows the progress of a long run. */
export interface Progress {
  report(what: string, done: number, total: number): void;
  say(message: string): void;
  /** Clears the line. */
  end(): void;
}

/** Time between two updates in milliseconds: short enough to look alive, long enough to cost nothing. */
const PERIOD_MS = 100;

/** Shows nothing. */
export const NO_PROGRESS: Progress = { report: () => {}, say: () => {}, end: () => {} };

/** Progress on a stream, if it is a terminal. Runs that end within the first period show nothing. */
export function terminalProgress(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  if (!stream.isTTY) return NO_PROGRESS;
  let last = Date.now();
  let shown = false;
  return {
    report(what, done, total) {
      if (Date.now() - last < PERIOD_MS) return;
      last = Date.now();
      shown = true;
      stream.write(`\r\x1b[K${what} ${done} of ${total}`);
    },
    say(message) {
      shown = true;
      stream.write(`\r\x1b[K${message}`);
    },
    end() {
      if (shown) stream.write('\r\x1b[K');
    },
  };
}
