// What an engine is to be at a quiet end, by the words of its operator alone: whoever was halted or
// killed and not resumed since is so still, whatever ended and began meanwhile; all others run.
import type { ReadRecord } from './journal-reading.ts';

export type Wanted = 'running' | 'halted' | 'killed';

/**
 * Undefined where the words do not say: the run is being ended, or the engine halted itself since
 * the last resume.
 */
export function wantedState(records: readonly ReadRecord[]): Wanted | undefined {
  let wanted: Wanted = 'running';
  let isEnding = false;
  let hasHaltedItself = false;
  for (const record of records) {
    const { inputType } = record;
    if (inputType === 'operator.kill') [wanted, isEnding] = ['killed', false];
    if (inputType === 'operator.halt' && wanted === 'running') wanted = 'halted';
    if (/^operator\.(stop|leave)$/.test(inputType)) isEnding = true;
    if (inputType === 'run.resumed') isEnding = false;
    // Who is about to end hears no resume.
    if (inputType === 'operator.resume' && !isEnding)
      [wanted, hasHaltedItself] = ['running', false];
    if (haltsItself(record)) hasHaltedItself = true;
  }
  return isEnding || hasHaltedItself ? undefined : wanted;
}

/** The engine hears the word of an operator that no operator said. */
const haltsItself = ({ inputType, transitions }: ReadRecord): boolean =>
  inputType !== 'operator.halt' &&
  transitions.some(({ actor, event }) => actor === 'engine' && event === 'operator.halt');
