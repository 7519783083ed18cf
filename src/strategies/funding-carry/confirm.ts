// The exact word on a candidate: size, prices through depth, fees, funding and net edge in
// decimals, with the evidence for each. What passes here is an opportunity; what does not names its
// gate.
import type {
  Bps,
  EdgeEvidence,
  LegEvidence,
  Ms,
  Opportunity,
  Refusal,
} from '../../domain/index.ts';
import { greatest, isLess, toMs } from '../../domain/index.ts';
import type { InstrumentView } from '../../market/view.ts';
import { roundTripFeeBps } from '../../pricing/fees.ts';
import type { FundingFlow, FundingWindow } from '../../pricing/funding-flow.ts';
import { fundingFlow } from '../../pricing/funding-flow.ts';
import type { Hold } from '../../pricing/hold.ts';
import { netEdge } from '../../pricing/net-edge.ts';
import type { SizedLeg, Sizing } from '../../pricing/sizing.ts';
import { sizing } from '../../pricing/sizing.ts';
import { adverseBasisBps, roundTripSlippageBps } from '../../pricing/slippage.ts';
import type { CarryPair } from './carry-pair.ts';
import { sizableLegs, STRATEGY_NAME } from './carry-pair.ts';
import { netEdgeRefusal } from './gates.ts';
import type { FundingCarrySettings } from './settings.ts';

export interface Confirmed {
  readonly kind: 'confirmed';
  readonly pair: CarryPair;
  readonly opportunity: Opportunity;
  readonly long: SizedLeg;
  readonly short: SizedLeg;
  readonly pricedUntilAtMs: Ms;
}

export type Verdict = Confirmed | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Question {
  readonly pair: CarryPair;
  readonly hold: Hold;
  readonly window: FundingWindow;
  readonly settings: FundingCarrySettings;
}

export function confirm({ pair, hold, window, settings }: Question): Verdict {
  const sized = sizing(sizableLegs(pair), settings.notionalUsd);
  if (sized.kind === 'refused') return sized;
  const [long, short] = sized.legs;
  if (long === undefined || short === undefined) throw new Error('a sized pair has two legs');
  const held = { ...window, toAtMs: hold.untilAtMs };
  const priced: Priced = {
    pair,
    long: { ...long, ...fundingFlow({ side: 'buy', terms: pair.long.funding }, held) },
    short: { ...short, ...fundingFlow({ side: 'sell', terms: pair.short.funding }, held) },
  };
  const edge = exactEdge(priced, settings);
  if (isLess(edge.netEdgeBps, settings.netEdgeBpsMin)) {
    return { kind: 'refused', refusal: netEdgeRefusal(edge.netEdgeBps, settings) };
  }
  const opportunity = toOpportunity({ priced, sized, edge, atMs: window.fromAtMs });
  return { kind: 'confirmed', pair, opportunity, long, short, pricedUntilAtMs: hold.untilAtMs };
}

type PricedLeg = SizedLeg & FundingFlow;

interface Priced {
  readonly pair: CarryPair;
  readonly long: PricedLeg;
  readonly short: PricedLeg;
}

function exactEdge({ pair, long, short }: Priced, settings: FundingCarrySettings): EdgeEvidence {
  const adverseBps = adverseBasisBps({
    long: { bidPrice: long.exit.touchPrice, askPrice: long.entry.touchPrice },
    short: { bidPrice: short.entry.touchPrice, askPrice: short.exit.touchPrice },
  });
  return netEdge({
    fundingBps: [long.fundingBps, short.fundingBps],
    feesBps: [feeBps(pair.long), feeBps(pair.short)],
    slippageBps: [
      roundTripSlippageBps({ buyVwap: long.entry.vwap, sellVwap: long.exit.vwap }),
      roundTripSlippageBps({ buyVwap: short.exit.vwap, sellVwap: short.entry.vwap }),
    ],
    slippageBufferBps: settings.slippageBufferBps,
    basisBufferBps: greatest(settings.basisBufferBps, adverseBps),
  });
}

function toOpportunity(found: {
  readonly priced: Priced;
  readonly sized: Extract<Sizing, { readonly kind: 'sized' }>;
  readonly edge: EdgeEvidence;
  readonly atMs: Ms;
}): Opportunity {
  const { pair, long, short } = found.priced;
  const { qty } = found.sized;
  return {
    strategy: STRATEGY_NAME,
    key: pair.key,
    base: pair.long.instrument.base,
    seenAtMs: found.atMs,
    qty,
    notionalUsd: greatest(long.entry.notionalUsd, short.entry.notionalUsd),
    legs: [
      { ...legEvidence(pair.long, long, found.atMs), side: 'buy' },
      { ...legEvidence(pair.short, short, found.atMs), side: 'sell' },
    ],
    edge: found.edge,
  };
}

function legEvidence(view: InstrumentView, leg: PricedLeg, atMs: Ms): Omit<LegEvidence, 'side'> {
  return {
    instrumentId: view.instrument.instrumentId,
    bookSequence: view.book.sequence,
    bookAgeMs: toMs(atMs - view.bookAtMs),
    entryVwap: leg.entry.vwap,
    exitVwap: leg.exit.vwap,
    feeBps: feeBps(view),
    fundingBps: leg.fundingBps,
    settlementsAtMs: leg.settlementsAtMs,
  };
}

const feeBps = (view: InstrumentView): Bps => roundTripFeeBps(view.instrument.takerFeeRate);
