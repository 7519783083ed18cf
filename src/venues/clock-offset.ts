// How far a venue's clock is from ours: a few questions in a row, of which the quickest answer
// says most. Half of its round trip is the doubt, because nobody knows which way took longer.
import type { Ms } from '../domain/index.ts';
import { toMs } from '../domain/index.ts';
import type { GetJson } from './rest-client.ts';
import { RestFailure } from './rest-client.ts';
import { WireRefusal } from './wire-value.ts';

export interface ClockOffset {
  /** Venue clock minus ours. */
  readonly offsetMs: Ms;
  readonly doubtMs: Ms;
}

const SAMPLES = 5;

/** Nothing when the venue answered no question. */
export async function measureClockOffset(of: {
  readonly get: GetJson;
  readonly path: string;
  readonly readTime: (reply: unknown) => Ms;
  readonly nowMs: () => Ms;
}): Promise<ClockOffset | undefined> {
  let best: ClockOffset | undefined;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const askedAtMs = of.nowMs();
    try {
      const venueAtMs = of.readTime(await of.get(of.path));
      const doubtMs = (of.nowMs() - askedAtMs) / 2;
      if (best !== undefined && best.doubtMs <= doubtMs) continue;
      best = { offsetMs: toMs(venueAtMs - askedAtMs - doubtMs), doubtMs: toMs(doubtMs) };
    } catch (error) {
      if (!(error instanceof RestFailure || error instanceof WireRefusal)) throw error;
      break;
    }
  }
  return (
    best && { offsetMs: toMs(Math.round(best.offsetMs)), doubtMs: toMs(Math.ceil(best.doubtMs)) }
  );
}
