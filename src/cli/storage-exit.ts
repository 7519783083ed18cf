// How a verb ends when the database or a journal refuses, by the code of the refusal.
import type { ExitName } from './exit-code.ts';

export function storageExit(code: string | undefined): ExitName {
  switch (code) {
    case 'storage.address':
    case 'storage.unreachable':
      return 'configuration';
    case 'storage.foreign':
    case 'storage.newer-version':
    case 'storage.diverged':
    case 'storage.gap':
    case 'journal.damaged':
    case 'journal.broken-chain':
    case 'journal.newer-version':
      return 'data';
    default:
      return 'unexpected';
  }
}
