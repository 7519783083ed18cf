// Ctrl-C and SIGTERM: once asks for a clean end, twice ends at once with code 130. What was journaled is on
// disk either way.
import { EXIT_CODES } from './exit-code.ts';

export function onSignals(ask: (name: string) => void): { close(): void } {
  let count = 0;
  const hear = (name: string): void => {
    count += 1;
    if (count === 1) {
      ask(name);
      return;
    }
    process.stderr.write(`${name} again: stopped at once\n`);
    process.exit(EXIT_CODES.interrupted.code);
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    close: () => {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}
