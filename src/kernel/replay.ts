// Runs recorded inputs through the machines again and compares: transitions, effects and hash must
// come out the same, record by record. It stops at the first difference and shows both sides.
import type { AnyStateMachine } from 'xstate';

import type { StepRecord } from '../domain/index.ts';
import { Kernel } from './kernel.ts';

export interface Divergence {
  readonly seq: number;
  /** `fault`: the machines cannot take the recorded input at all. */
  readonly part: 'transitions' | 'effects' | 'hash' | 'time' | 'fault';
  readonly recorded: unknown;
  readonly replayed: unknown;
}

export interface ReplayResult {
  readonly inputs: number;
  readonly transitions: number;
  readonly headHash: string;
  readonly divergence: Divergence | undefined;
}

export function replay(records: Iterable<StepRecord>, kernel: Kernel = new Kernel()): ReplayResult {
  let inputs = 0;
  let transitions = 0;
  for (const recorded of records) {
    const replayed = stepOrFault(kernel, recorded);
    inputs += 1;
    if (typeof replayed !== 'string') transitions += replayed.transitions.length;
    const divergence = difference(recorded, replayed);
    if (divergence) return { inputs, transitions, headHash: kernel.head.hash, divergence };
  }
  return { inputs, transitions, headHash: kernel.head.hash, divergence: undefined };
}

/**
 * The kernel of a run that stopped: its newest snapshot, or nothing, and what was recorded after
 * it. Throws where the machines of today come to something else than what is recorded.
 */
export function restoredKernel(
  snapshot: unknown,
  tail: Iterable<StepRecord>,
  machine?: AnyStateMachine,
): Kernel {
  const kernel = Kernel.restore(snapshot, machine);
  const { divergence } = replay(tail, kernel);
  if (divergence === undefined) return kernel;
  const { seq, part, recorded, replayed } = divergence;
  throw new Error(
    `record ${seq} cannot be resumed: its ${part} come out differently here; ` +
      `recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(replayed)}`,
  );
}

function stepOrFault(kernel: Kernel, { input, atMs }: StepRecord): StepRecord | string {
  try {
    return kernel.step(input, atMs);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function difference(recorded: StepRecord, replayed: StepRecord | string): Divergence | undefined {
  if (typeof replayed === 'string') {
    return { seq: recorded.seq, part: 'fault', recorded: recorded.input, replayed };
  }
  for (const part of ['transitions', 'effects'] as const) {
    const count = Math.max(recorded[part].length, replayed[part].length);
    for (let index = 0; index < count; index += 1) {
      const sides = { recorded: recorded[part][index], replayed: replayed[part][index] };
      if (JSON.stringify(sides.recorded) !== JSON.stringify(sides.replayed)) {
        return { seq: recorded.seq, part, ...sides };
      }
    }
  }
  if (recorded.atMs !== replayed.atMs) {
    return { seq: recorded.seq, part: 'time', recorded: recorded.atMs, replayed: replayed.atMs };
  }
  if (recorded.hash !== replayed.hash) {
    return { seq: recorded.seq, part: 'hash', recorded: recorded.hash, replayed: replayed.hash };
  }
  return undefined;
}
