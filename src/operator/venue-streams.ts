// The market streams of each venue in three figures: how many there are, how many may be used to
// enter, and how old the oldest book is.
import type { Ms, VenueId } from '../domain/index.ts';
import type { InstrumentView, MarketView } from '../market/view.ts';

export interface VenueStreams {
  readonly venueId: VenueId;
  readonly healthyCount: number;
  readonly count: number;
  /** Null while none is healthy. */
  readonly oldestMs: number | null;
}

/** In the order in which venues were first listed. */
export function venueStreams(market: MarketView, atMs: Ms): readonly VenueStreams[] {
  const byVenue = new Map<VenueId, InstrumentView[]>();
  for (const view of market.all()) {
    const { venueId } = view.instrument;
    byVenue.set(venueId, [...(byVenue.get(venueId) ?? []), view]);
  }
  return [...byVenue].map(([venueId, views]) => {
    const healthyCount = views.filter(({ isHealthy }) => isHealthy).length;
    const ageMs = Math.max(...views.map(({ bookAtMs }) => atMs - bookAtMs));
    const oldestMs = Number.isFinite(ageMs) && healthyCount > 0 ? ageMs : null;
    return { venueId, healthyCount, count: views.length, oldestMs };
  });
}

/** `●` all healthy, `◐` some, `○` none. */
export function streamMark({
  healthyCount,
  count,
}: Pick<VenueStreams, 'healthyCount' | 'count'>): '●' | '◐' | '○' {
  if (healthyCount === count) return '●';
  return healthyCount === 0 ? '○' : '◐';
}
