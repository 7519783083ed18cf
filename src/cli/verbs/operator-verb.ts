// `node main halt|resume|kill|stop`: a command of the operator for the engine that runs on a data
// folder. It is an input like any other: journaled, and answered with the state that came of it.
import { standingSchema } from '../../control/index.ts';
import type { Question, Standing } from '../../control/index.ts';
import { engineText, engineWord } from '../../operator/engine-text.ts';
import type { ExitName } from '../exit-code.ts';
import { Failure } from '../exit-code.ts';
import type { ReadFlags } from '../read-flags.ts';
import { dataFolderOf } from '../read-flags.ts';
import { askRunning } from '../running-engine.ts';

export interface OperatorFlags extends ReadFlags {
  readonly reason?: string;
}

export type OperatorWord = 'halt' | 'resume' | 'kill' | 'stop';

const REASON = 'an operator asked for it';
const REASON_CHARS_MAX = 500;

/** States in which a command has had its way. */
const WANTED: Readonly<Record<OperatorWord, RegExp>> = {
  halt: /^(halted|killed|draining|left|stopped)/,
  resume: /^(running|reconciling)/,
  kill: /^killed/,
  stop: /^(draining|left|stopped)/,
};

export async function commandEngine(word: OperatorWord, flags: OperatorFlags): Promise<ExitName> {
  const { reason = REASON } = flags;
  if (reason.length > REASON_CHARS_MAX) {
    const text = `--reason has ${reason.length} characters, at most ${REASON_CHARS_MAX} are kept`;
    throw new Failure('usage', text);
  }
  const result = await askRunning(dataFolderOf(flags), questionOf(word, reason));
  const standing = standingSchema.parse(result);
  process.stdout.write(flags.json === true ? `${JSON.stringify(standing)}\n` : text(standing));
  if (WANTED[word].test(standing.state)) return 'success';
  const { pid, state } = standing;
  throw new Failure(
    'usage',
    `the engine (pid ${pid}) is ${engineWord(state)} and stays so: ${word} is too late`,
  );
}

function questionOf(word: OperatorWord, reason: string): Question {
  switch (word) {
    case 'halt':
      return { type: 'operator.halt', reason };
    case 'kill':
      return { type: 'operator.kill', reason };
    case 'stop':
      return { type: 'operator.stop', reason };
    case 'resume':
      return { type: 'operator.resume' };
  }
}

function text({ runId, pid, state, openTrades, seq }: Standing): string {
  const trades = openTrades === 1 ? '1 trade is open' : `${openTrades} trades are open`;
  return `${runId} (pid ${pid}) is ${engineText(state)} after record ${seq}; ${trades}\n`;
}
