// Ctrl-C and SIGTERM: once asks for a clean end, twice ends at once with code 130. What was
// journaled is on disk either way. Heard from the start, so that one that comes early is not lost.
import { EXIT_CODES } from './exit-code.ts';

export interface Signals {
  /** Called with the first one, at once when it was heard already. */
  onFirst(then: (name: string) => void): void;
  close(): void;
}

/** `npm start` and `timeout` pass on what the process group was sent anyway: that is one press. */
const ONE_PRESS_MS = 100;

export function hearSignals(): Signals {
  let first: { readonly name: string; readonly atMs: number } | undefined;
  let ask: ((name: string) => void) | undefined;
  const hear = (name: string): void => {
    const atMs = performance.now();
    if (first === undefined) {
      first = { name, atMs };
      ask?.(name);
    } else if (atMs - first.atMs > ONE_PRESS_MS) {
      process.stderr.write(`${name} again: stopped at once\n`);
      process.exit(EXIT_CODES.interrupted.code);
    }
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    onFirst: (then) => {
      ask = then;
      if (first !== undefined) then(first.name);
    },
    close: () => {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}
