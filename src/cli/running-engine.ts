// What verbs do when an engine runs on their data folder: they ask it, and say its number whatever
// comes of it.
import { existsSync } from 'node:fs';
import { askEngine, ControlError, readAddress } from '../control/index.ts';
import type { AskOptions, Question } from '../control/index.ts';
import { JournalError, lockData, markerPath } from '../journal/index.ts';
import { Failure } from './exit-code.ts';
import type { ExitName } from './exit-code.ts';
import { storageExit } from './storage-exit.ts';
import { VERSION } from './version.ts';

/** Throws a `Failure` for an engine that is not there, does not answer or refuses. */
export async function askRunning(
  dataPath: string,
  question: Question,
  options: Omit<AskOptions, 'version'> = {},
): Promise<unknown> {
  try {
    return await askEngine(dataPath, question, { ...options, version: VERSION });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code === 'control.absent') checkUnlocked(dataPath);
    throw new Failure(exitOf(error), error.message, { cause: error });
  }
}

/**
 * What the engine answers that runs on a data folder; absent where none runs. One that does not
 * answer is told with `consequence`, and taken for none.
 */
export async function askIfRunning(
  dataPath: string,
  question: Question,
  consequence: string,
): Promise<unknown> {
  if (readAddress(dataPath) === undefined) return undefined;
  try {
    return await askEngine(dataPath, question, { version: VERSION });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code !== 'control.absent') {
      process.stderr.write(`${error.message}: ${consequence}\n`);
    }
    return undefined;
  }
}

/** The engine that holds this data folder has a door. */
export const hasDoor = (dataPath: string, holderPid: number | undefined): boolean =>
  readAddress(dataPath)?.pid === holderPid;

/** Without a door somebody may be there all the same: then the refusal of the lock names it. */
function checkUnlocked(dataPath: string): void {
  if (!existsSync(markerPath(dataPath))) {
    throw new Failure('usage', `${dataPath} is no data folder of trinity: no engine runs there`);
  }
  try {
    lockData(dataPath).release();
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'data.locked') throw error;
    const pid = error.holderPid === undefined ? 'a process' : `process ${error.holderPid}`;
    const text = `${pid} uses ${dataPath} and takes no commands`;
    throw new Failure('locked', text, { cause: error });
  }
}

function exitOf({ code, refusal }: ControlError): ExitName {
  switch (code) {
    case 'control.absent':
      return 'usage';
    case 'control.silent':
    case 'control.malformed':
      return 'unexpected';
    case 'control.refused':
      return refusal === 'storage.disabled' || refusal === 'control.ending'
        ? 'locked'
        : storageExit(refusal);
  }
}
