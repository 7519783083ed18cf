// Tells of what goes wrong around a run without being a part of it: a process that stood still,
// lines for orders that break, and streams that fail, with their cause. A venue whose streams fail
// all the time gets one line a second.
import type { FeedNotice, Ms, VenueId } from '../domain/index.ts';
import type { Stall } from '../market/stall-watch.ts';
import { clockText } from '../operator/clock-text.ts';
import type { Log } from '../operator/log.ts';
import type { StepLine } from '../operator/step-lines.ts';
import type { Clock } from '../ports/index.ts';
import type { LineNews } from '../venues/local-exchange/exchange-line.ts';
import type { Screen } from './screen.ts';

export type FeedTrouble = Extract<FeedNotice, { readonly cause: string }>;

export interface RunTroubles {
  readonly onStall: (stall: Stall) => void;
  readonly onTrouble: (trouble: FeedTrouble) => void;
  readonly onLine: (news: LineNews) => void;
  /** Venues that take no orders at the moment, and since when. */
  readonly lostLines: ReadonlyMap<VenueId, Ms>;
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
  const lostLines = new Map<VenueId, Ms>();
  return {
    lostLines,
    onLine: (news) => {
      const atMs = clock.nowMs();
      const { venueId } = news;
      if (news.type === 'lost') {
        lostLines.set(venueId, atMs);
        log.warn('line.lost', { atMs, venueId, cause: news.cause });
      } else {
        lostLines.delete(venueId);
        log.info('line.back', { atMs, venueId, awayMs: news.awayMs });
      }
      screen.event(lineText(news), atMs - startedAtMs);
    },
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

function lineText(news: LineNews): StepLine {
  const what = `${news.venueId}: the line for orders is`;
  if (news.type === 'back') {
    const awayText = clockText(news.awayMs);
    const text = `${what} back after ${awayText}; it is asked what happened meanwhile`;
    return { tone: 'good', text };
  }
  const text = `${what} lost (${news.cause}): no order reaches it until it is back`;
  return { tone: 'critical', text };
}
