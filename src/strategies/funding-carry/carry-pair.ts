// Two instruments of one base, long here and short there: what funding carry trades. The names of a
// pair are decided here and nowhere else.
import type { InstrumentView } from '../../market/view.ts';
import type { FundedLeg } from '../../pricing/funding-flow.ts';
import type { SizableLeg } from '../../pricing/sizing.ts';

/** Spot can only be the long leg. */
export type CarryKind = 'perpetual-perpetual' | 'spot-perpetual';

export interface CarryPair {
  readonly kind: CarryKind;
  readonly long: InstrumentView;
  readonly short: InstrumentView;
}

export const STRATEGY_NAME = 'funding-carry';

/** `BTC okx>bybit` is long at okx, short at bybit. */
export const carryKey = ({ long, short }: CarryPair): string =>
  `${long.instrument.base} ${long.instrument.venueId}>${short.instrument.venueId}`;

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
