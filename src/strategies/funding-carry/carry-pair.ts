// Two instruments of one base, long here and short there: what funding carry trades. The names of a
// pair are decided here and nowhere else, once for each pair and not at every change.
import type { InstrumentId } from '../../domain/index.ts';
import type { InstrumentView } from '../../market/view.ts';
import type { FundedLeg } from '../../pricing/funding-flow.ts';
import type { SizableLeg } from '../../pricing/sizing.ts';

/** Spot can only be the long leg. */
export type CarryKind = 'perpetual-perpetual' | 'spot-perpetual';

export interface CarryPair {
  readonly kind: CarryKind;
  /** `BTC okx>bybit` is long at okx, short at bybit. */
  readonly key: string;
  readonly long: InstrumentView;
  readonly short: InstrumentView;
}

export const STRATEGY_NAME = 'funding-carry';

/** The pairs that a strategy met. A view that takes the place of another makes a new pair. */
export class CarryPairs {
  readonly #byLong = new Map<InstrumentId, Map<InstrumentId, CarryPair>>();

  pair(long: InstrumentView, short: InstrumentView): CarryPair {
    const { instrumentId } = short.instrument;
    const byShort = this.#byLong.get(long.instrument.instrumentId);
    const known = byShort?.get(instrumentId);
    if (known !== undefined && known.long === long && known.short === short) return known;
    const key = `${long.instrument.base} ${long.instrument.venueId}>${short.instrument.venueId}`;
    const pair: CarryPair = { kind: 'perpetual-perpetual', key, long, short };
    if (byShort !== undefined) byShort.set(instrumentId, pair);
    else this.#byLong.set(long.instrument.instrumentId, new Map([[instrumentId, pair]]));
    return pair;
  }
}

export const fundedLegs = ({ long, short }: CarryPair): readonly FundedLeg[] => [
  { side: 'buy', terms: long.funding },
  { side: 'sell', terms: short.funding },
];

export const sizableLegs = ({ long, short }: CarryPair): readonly [SizableLeg, SizableLeg] => [
  { side: 'buy', instrument: long.instrument, bids: long.book.bids, asks: long.book.asks },
  { side: 'sell', instrument: short.instrument, bids: short.book.bids, asks: short.book.asks },
];

/** Perpetuals at two venues. Spot against perpetual waits for a venue with spot accounts. */
export const arePartners = (one: InstrumentView, other: InstrumentView): boolean =>
  one.instrument.kind === 'perpetual' &&
  other.instrument.kind === 'perpetual' &&
  one.instrument.venueId !== other.instrument.venueId;
