// An opportunity becomes a plan: what to order at each venue, at what worst price, with how much
// patience, and when to be out again at the latest. It adds no judgement of its own.
import type { PlanLeg, Price, Side, TradePlan } from '../../domain/index.ts';
import { greatest, notional, toLegId, toMs } from '../../domain/index.ts';
import type { InstrumentView } from '../../market/view.ts';
import { marginUsd } from '../../pricing/margin.ts';
import { untradableQty } from '../../pricing/step.ts';
import { boundPrice } from '../../pricing/tick.ts';
import type { DepthFill } from '../../pricing/vwap.ts';
import type { Confirmed } from './confirm.ts';
import type { FundingCarrySettings } from './settings.ts';

export function plan(confirmed: Confirmed, settings: FundingCarrySettings): TradePlan {
  const { pair, opportunity } = confirmed;
  const leg = (legId: string, side: Side, view: InstrumentView, entry: DepthFill): PlanLeg => ({
    legId: toLegId(legId),
    venueId: view.instrument.venueId,
    instrumentId: view.instrument.instrumentId,
    side,
    qty: opportunity.qty,
    referencePrice: entry.touchPrice,
    limitPrice: entryLimit(side, view, entry, settings),
    tickSize: view.instrument.tickSize,
    qtyStep: view.instrument.qtyStep,
    qtyMin: view.instrument.qtyMin,
  });
  const long = leg('a', 'buy', pair.long, confirmed.long.entry);
  const short = leg('b', 'sell', pair.short, confirmed.short.entry);
  // A short fills at its limit or dearer: what it binds is bounded by the touch it sells into.
  const dearest = greatest(long.limitPrice, greatest(short.limitPrice, short.referencePrice));
  return {
    strategy: opportunity.strategy,
    key: opportunity.key,
    base: opportunity.base,
    legs: [long, short],
    entry: settings.entry,
    exit: settings.exit,
    panic: settings.panic,
    order: settings.order,
    hedgedWithinQty: untradableQty([long, short]),
    leave: {
      holdUntilAtMs: toMs(opportunity.seenAtMs + settings.holdMsMax),
      pricedUntilAtMs: confirmed.pricedUntilAtMs,
      exitBelowBps: settings.exitBelowBps,
    },
    marginUsdPerLeg: marginUsd(notional(dearest, opportunity.qty), settings.leverage),
    notionalUsd: opportunity.notionalUsd,
    netEdgeBps: opportunity.edge.netEdgeBps,
  };
}

/** The worst level that the size reaches, and the slippage buffer beyond it. */
const entryLimit = (
  side: Side,
  view: InstrumentView,
  entry: DepthFill,
  settings: FundingCarrySettings,
): Price =>
  boundPrice({
    side,
    fromPrice: entry.worstPrice,
    beyondBps: settings.slippageBufferBps,
    tickSize: view.instrument.tickSize,
  });
