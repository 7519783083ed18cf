// One step of the decision plane as it is journaled: what went in, what moved, what was asked for,
// and a hash over all of it and the record before.
import type { Ms, Seq } from './brand.ts';
import type { Effect } from './effect.ts';
import type { Input } from './input.ts';

export interface Transition {
  readonly actor: string;
  /** State paths like `OPEN` or `PANIC.flattening`; `-` before the first. */
  readonly from: string;
  readonly event: string;
  readonly to: string;
  /** Context keys that changed, with their new values. */
  readonly changed: Readonly<Record<string, unknown>>;
}

/** The last state that an actor came to; absent when it stayed where it was, or was not there. */
export const stateAfter = (actor: string, transitions: readonly Transition[]): string | undefined =>
  transitions.findLast((each) => each.actor === actor && each.from !== each.to)?.to;

export interface StepRecord {
  readonly seq: Seq;
  readonly atMs: Ms;
  readonly input: Input;
  readonly transitions: readonly Transition[];
  readonly effects: readonly Effect[];
  /** Hex SHA-256 over the previous hash and the rest of this record. */
  readonly hash: string;
}

export const GENESIS_HASH = '0'.repeat(64);
