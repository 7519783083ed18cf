// Tells of what goes wrong around a run without being a part of it: a process that stood still, and
// streams that fail, with their cause. A venue that fails all the time gets one line a second.
import type { FeedNotice, VenueId } from '../domain/index.ts';
import type { Stall } from '../market/stall-watch.ts';
import type { Log } from '../operator/log.ts';
import type { Clock } from '../ports/index.ts';
import type { Screen } from './screen.ts';

export type FeedTrouble = Extract<FeedNotice, { readonly cause: string }>;

export interface RunTroubles {
  readonly onStall: (stall: Stall) => void;
  readonly onTrouble: (trouble: FeedTrouble) => void;
}

const EVERY_MS = 1_000;

export function runTroubles(parts: {
  readonly log: Log;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly startedAtMs: number;
}): RunTroubles {
  const { log, screen, clock, startedAtMs } = parts;
  const toldAtMs = new Map<VenueId, number>();
  return {
    onStall: ({ stalledMs, resumedAtMs: atMs }) => {
      log.warn('process.stalled', { atMs, stalledMs });
      const text = `the process stood still for ${stalledMs} ms; entries wait for new books`;
      screen.event({ tone: 'bad', text }, atMs - startedAtMs);
    },
    onTrouble: ({ type, venueId, cause }) => {
      const atMs = clock.nowMs();
      if (atMs - (toldAtMs.get(venueId) ?? -Infinity) < EVERY_MS) return;
      toldAtMs.set(venueId, atMs);
      log.warn('feed.trouble', { atMs, venueId, kind: type, cause });
    },
  };
}
