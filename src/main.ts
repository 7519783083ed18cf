// The process: parses the command line, runs one verb and turns however it ended into an exit code.
// The only place that knows both errors and exit codes.
import { CommanderError } from 'commander';

import { EXIT_CODES, Failure } from './cli/exit-code.ts';
import type { ExitName } from './cli/exit-code.ts';
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

function explained(error: unknown): { readonly exit: ExitName; readonly text: string } {
  if (error instanceof Failure) return { exit: error.exit, text: error.message };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'config.invalid':
      return { exit: 'configuration', text: message };
    case 'data.locked':
      return { exit: 'locked', text: message };
    case 'journal.not-found':
      return { exit: 'usage', text: message };
    case 'journal.damaged':
    case 'journal.broken-chain':
    case 'journal.other-head':
    case 'journal.newer-version':
    case 'data.foreign':
    case 'data.newer-version':
      return { exit: 'data', text: message };
    case 'journal.failed':
      return { exit: 'unexpected', text: message };
    default:
      return { exit: 'unexpected', text: isOfTheSystem(error) ? message : stackOf(error) };
  }
}

/** What the operating system refuses says itself what and where; a stack adds nothing. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
