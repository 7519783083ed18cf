// Ctrl-C, SIGTERM, a closed terminal or a closed pipe: once asks for a clean end, a second signal
// ends at once with code 130. What was journaled is on disk either way. Heard from the start, so
// that one that comes early is not lost, and to the end of the process, so that one that comes late
// does not take the place of how the run ended.
import { EXIT_CODES } from './exit-code.ts';

export interface Signals {
  /** Called with the first one, at once when it was heard already. */
  onFirst(then: (name: string) => void): void;
  /** The run has ended and has its code: from here on a signal changes nothing. */
  ended(): void;
  close(): void;
}

/** Nobody reads any more: the pipe was closed, or the terminal is gone. */
export const isClosedOutput = ({ code }: NodeJS.ErrnoException): boolean =>
  code === 'EPIPE' || code === 'EIO';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `npm start` and `timeout` pass on what the process group was sent anyway: that is one press. */
const ONE_PRESS_MS = 100;

/** Far above what the last words of a run take; who does not come to them is stopped again. */
const LAST_WORDS_MS = 10_000;

export function hearSignals(): Signals {
  let first: { readonly name: string; readonly atMs: number } | undefined;
  let ask: ((name: string) => void) | undefined;
  let endedAtMs = Infinity;
  const hear = (name: string): void => {
    const atMs = performance.now();
    if (atMs >= endedAtMs && atMs - endedAtMs < LAST_WORDS_MS) return;
    if (first === undefined) {
      first = { name, atMs };
      ask?.(name);
    } else if (atMs - first.atMs > ONE_PRESS_MS) {
      process.stderr.write(`${name} again: stopped at once\n`);
      process.exit(EXIT_CODES.interrupted.code);
    }
  };
  /** Every further write fails too: that is the same closed output, not a second wish. */
  const hearClosed = (error: NodeJS.ErrnoException): void => {
    if (isClosedOutput(error) && first === undefined) hear('closed output');
  };
  const ended = (): void => {
    endedAtMs = Math.min(endedAtMs, performance.now());
  };
  for (const name of SIGNALS) process.on(name, hear);
  for (const output of [process.stdout, process.stderr]) output.on('error', hearClosed);
  return {
    onFirst: (then) => {
      ask = then;
      if (first !== undefined) then(first.name);
    },
    ended,
    close: () => {
      ended();
      for (const output of [process.stdout, process.stderr]) output.off('error', hearClosed);
    },
  };
}
