// The process: parses the command line, runs one verb and turns however it ended into an exit code.
import { CommanderError } from 'commander';

import { EXIT_CODES } from './cli/exit-code.ts';
import type { ExitName } from './cli/exit-code.ts';
import { explained } from './cli/explained.ts';
import { createProgram } from './cli/program.ts';
import { isClosedOutput } from './cli/signals.ts';

const finish = (exit: ExitName): void => {
  process.exitCode = EXIT_CODES[exit].code;
};

/** A reader that went away (`node main trades | head`) is no failure; a run ends in order on it. */
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosedOutput(error)) throw error;
    const isRunning = output.listenerCount('error') > 1;
    if (!isRunning) process.exit();
  });
}

try {
  await createProgram(finish).parseAsync(process.argv);
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has said it already; help and version are no errors.
    finish(error.exitCode === 0 ? 'success' : 'usage');
    return;
  }
  const { exit, text } = explained(error);
  process.stderr.write(`${text}\n`);
  finish(exit);
}
