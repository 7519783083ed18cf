// What the engine is doing, in words for people: one line for each of its states, for the panel,
// the lines above it and the answers to commands. So short that the panel's head fits 80 columns.
import { clockText } from './clock-text.ts';

interface EngineWords {
  readonly word: string;
  readonly detail?: string;
  /** What happens when the engine's timer of this name fires. */
  readonly timer?: { readonly name: string; readonly text: string };
}

const ENGINE_WORDS: Readonly<Record<string, EngineWords>> = {
  booting: { word: 'booting', detail: 'nothing is known yet' },
  reconciling: { word: 'reconciling', detail: 'asks every venue' },
  cooling: {
    word: 'cooling',
    detail: 'restarted too often, opens nothing new',
    timer: { name: 'hold', text: 'opens again in' },
  },
  running: { word: 'running' },
  halted: { word: 'halted', detail: 'opens nothing new' },
  killed: { word: 'killed', detail: 'flattens everything' },
  'draining.homing': {
    word: 'stopping',
    detail: 'brings open trades home',
    timer: { name: 'grace', text: 'flattens in' },
  },
  'draining.hearing': { word: 'stopping', detail: 'hears every venue' },
  'draining.flattening': {
    word: 'stopping',
    detail: 'flattens what is open',
    timer: { name: 'grace', text: 'gives up in' },
  },
  left: { word: 'left', detail: 'the next start goes on with the run' },
  stopped: { word: 'stopped', detail: 'the run is over' },
};

/** One word, in the present: `stopping`. Of a state that another version has, its own name. */
export const engineWord = (state: string): string => ENGINE_WORDS[state]?.word ?? state;

/**
 * The word and what it means: `cooling (opens again in 00:24)`. `dueInMs` says how long a timer of
 * the engine still runs, where that is known.
 */
export function engineText(
  state: string,
  dueInMs: (timer: string) => number | undefined = () => undefined,
): string {
  const { detail, timer } = ENGINE_WORDS[state] ?? {};
  const leftMs = timer === undefined ? undefined : dueInMs(timer.name);
  const text =
    timer === undefined || leftMs === undefined
      ? detail
      : `${timer.text} ${clockText(Math.max(leftMs, 0) + 999)}`;
  return text === undefined ? engineWord(state) : `${engineWord(state)} (${text})`;
}
