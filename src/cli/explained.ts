// What went wrong as a person is told it, and the exit code that says the same to a script: the
// only place that knows both errors and exit codes.
import { Failure } from './exit-code.ts';
import type { ExitName } from './exit-code.ts';

export function explained(error: unknown): { readonly exit: ExitName; readonly text: string } {
  if (error instanceof Failure) return { exit: error.exit, text: error.message };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'config.invalid':
      return { exit: 'configuration', text: message };
    case 'data.locked':
      return { exit: 'locked', text: message };
    case 'journal.not-found':
    case 'data.no-folder':
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
