// Stretches of time and what is left of them when others are taken out.
import type { Window } from '../evidence.ts';

export const lengthMs = ({ fromAtMs, toAtMs }: Window): number => toAtMs - fromAtMs;

export const covers = ({ fromAtMs, toAtMs }: Window, atMs: number): boolean =>
  fromAtMs < atMs && atMs < toAtMs;

export const overlaps = (left: Window, right: Window): boolean =>
  left.fromAtMs < right.toAtMs && right.fromAtMs < left.toAtMs;

/** The pieces of `whole` that lie inside any of `others`. */
export const within = (whole: Window, others: readonly Window[]): readonly Window[] =>
  others
    .filter((other) => overlaps(other, whole))
    .map(({ fromAtMs, toAtMs }) => ({
      fromAtMs: Math.max(fromAtMs, whole.fromAtMs),
      toAtMs: Math.min(toAtMs, whole.toAtMs),
    }));

/** The pieces of `whole` that lie outside all of `holes`, in order. */
export function without(whole: Window, holes: readonly Window[]): readonly Window[] {
  const inOrder = [...holes]
    .filter((hole) => overlaps(hole, whole) || covers(whole, hole.fromAtMs))
    .sort((left, right) => left.fromAtMs - right.fromAtMs);
  const pieces: Window[] = [];
  let fromAtMs = whole.fromAtMs;
  for (const hole of inOrder) {
    if (hole.fromAtMs > fromAtMs) pieces.push({ fromAtMs, toAtMs: hole.fromAtMs });
    fromAtMs = Math.max(fromAtMs, hole.toAtMs);
  }
  if (fromAtMs < whole.toAtMs) pieces.push({ fromAtMs, toAtMs: whole.toAtMs });
  return pieces;
}
