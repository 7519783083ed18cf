// The conditions for an entry that need no price of a size: each says no with what it found and
// what it allows. In fixed order, the cheapest first; only the first that says no is named. Exits
// pass no gate.
import type { Ms, Refusal } from '../../domain/index.ts';
import { toDecimal } from '../../domain/index.ts';
import type { InstrumentView } from '../../market/view.ts';
import { areTermsKnown, receivableBps } from '../../pricing/funding-flow.ts';
import type { CarryPair } from './carry-pair.ts';
import { fundedLegs } from './carry-pair.ts';
import type { FundingCarrySettings } from './settings.ts';

/**
 * Marks of one asset further apart than this, or a book further from its own mark, describe a
 * broken price, not a basis to live with.
 */
const BASIS_BAND_BPS = 200;

export interface GateQuestion {
  readonly pair: CarryPair;
  readonly settings: FundingCarrySettings;
  readonly atMs: Ms;
}

export function entryRefusal(question: GateQuestion): Refusal | undefined {
  return (
    tradingRefusal(question) ??
    fundingRefusal(question) ??
    bookRefusal(question) ??
    basisRefusal(question) ??
    markRefusal(question)
  );
}

/** The settlement that pays is so near that being open in time is not certain. */
export function settlementRefusal({ pair, settings, atMs }: GateQuestion): Refusal | undefined {
  const limitMs = settings.settlementMarginMs;
  const leftMs = fundedLegs(pair)
    .filter((leg) => receivableBps(leg.side, leg.terms) > 0)
    .map((leg) => (leg.terms?.fundingAtMs ?? NaN) - atMs)
    .filter((ms) => ms > 0 && ms <= limitMs);
  if (leftMs.length === 0) return undefined;
  return {
    gate: 'settlement-too-close',
    found: toText(Math.min(...leftMs)),
    limit: toText(limitMs),
    unit: 'ms',
  };
}

export const netEdgeRefusal = (foundBps: string, settings: FundingCarrySettings): Refusal => ({
  gate: 'net-edge',
  found: foundBps,
  limit: settings.netEdgeBpsMin,
  unit: 'bps',
});

/** Four digits after the point, for people. */
export function toText(value: number): string {
  const rounded = Math.round(value * 1e4) / 1e4;
  return Number.isFinite(rounded) ? toDecimal(rounded) : 'unknown';
}

const legs = (pair: CarryPair): readonly InstrumentView[] => [pair.long, pair.short];

function tradingRefusal({ pair }: GateQuestion): Refusal | undefined {
  const closed = legs(pair).find((leg) => !leg.instrument.isTrading);
  return closed && stateRefusal('instrument-trading', `${id(closed)} is not trading`, 'trading');
}

function fundingRefusal({ pair, atMs }: GateQuestion): Refusal | undefined {
  for (const leg of legs(pair)) {
    if (!areTermsKnown(leg.funding)) {
      return stateRefusal('funding-known', `${id(leg)} has no funding terms`, 'known');
    }
    const leftMs = leg.funding.fundingAtMs - atMs;
    if (leftMs <= 0) {
      return { gate: 'funding-known', found: toText(leftMs), limit: '0', unit: 'ms' };
    }
  }
  return undefined;
}

function bookRefusal({ pair, settings, atMs }: GateQuestion): Refusal | undefined {
  for (const leg of legs(pair)) {
    if (!leg.isHealthy || !leg.book.isSynced || leg.book.isCrossed) {
      return stateRefusal('book-healthy', `${id(leg)} is not healthy`, 'healthy');
    }
    const ageMs = atMs - leg.bookAtMs;
    if (!(ageMs <= settings.bookAgeMsMax)) {
      const limit = toText(settings.bookAgeMsMax);
      return { gate: 'book-age', found: toText(ageMs), limit, unit: 'ms' };
    }
  }
  return undefined;
}

function basisRefusal({ pair }: GateQuestion): Refusal | undefined {
  const [long, short] = [pair.long.markPrice, pair.short.markPrice];
  const apartBps = (Math.abs(long - short) / Math.min(long, short)) * 10_000;
  return apartBps <= BASIS_BAND_BPS ? undefined : bandRefusal('basis-band', apartBps);
}

/** A side without levels has no middle: what depth there is, is judged later. */
function markRefusal({ pair }: GateQuestion): Refusal | undefined {
  for (const { book, markPrice } of legs(pair)) {
    const middle = (book.bids.priceAt(0) + book.asks.priceAt(0)) / 2;
    const apartBps = (Math.abs(middle - markPrice) / markPrice) * 10_000;
    if (apartBps > BASIS_BAND_BPS) return bandRefusal('mark-band', apartBps);
  }
  return undefined;
}

const bandRefusal = (gate: string, foundBps: number): Refusal => ({
  gate,
  found: toText(foundBps),
  limit: toText(BASIS_BAND_BPS),
  unit: 'bps',
});

const id = (leg: InstrumentView): string => leg.instrument.instrumentId;

const stateRefusal = (gate: string, found: string, limit: string): Refusal => ({
  gate,
  found,
  limit,
  unit: 'state',
});
