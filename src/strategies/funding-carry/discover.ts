// Looks for funding carry after every change of an instrument: both directions of every pair that
// it is part of. A bound on the funding in floats comes first and allocates nothing; floats screen
// what is left; decimals confirm. A pair whose funding is under the floor is no candidate and
// leaves no word.
import type { Candidate, Ms, Refusal } from '../../domain/index.ts';
import { toMs, toNumber } from '../../domain/index.ts';
import type { InstrumentView, MarketView } from '../../market/view.ts';
import type { FundingWindow } from '../../pricing/funding-flow.ts';
import { receivableBps } from '../../pricing/funding-flow.ts';
import type { Hold } from '../../pricing/hold.ts';
import { bestHold } from '../../pricing/hold.ts';
import type { CarryPair } from './carry-pair.ts';
import { arePartners, carryKey, fundedLegs, STRATEGY_NAME } from './carry-pair.ts';
import { confirm } from './confirm.ts';
import { entryRefusal, netEdgeRefusal, settlementRefusal, toText } from './gates.ts';
import { plan } from './plan.ts';
import { SCREEN_TOLERANCE_BPS, screenNetBps } from './screen.ts';
import type { FundingCarrySettings } from './settings.ts';

const NOTHING: readonly Candidate[] = [];

export function discover(
  market: MarketView,
  changed: InstrumentView,
  settings: FundingCarrySettings,
  atMs: Ms,
): readonly Candidate[] {
  const floorBps = toNumber(settings.grossEdgeBpsFloor) - SCREEN_TOLERANCE_BPS;
  const longBps = receivableBps('buy', changed.funding);
  const shortBps = receivableBps('sell', changed.funding);
  let candidates: Candidate[] | undefined;
  for (const other of market.withBase(changed.instrument.base)) {
    const isLongWorth = longBps + receivableBps('sell', other.funding) >= floorBps;
    const isShortWorth = receivableBps('buy', other.funding) + shortBps >= floorBps;
    if ((!isLongWorth && !isShortWorth) || !arePartners(changed, other)) continue;
    for (const pair of directions(changed, other)) {
      const candidate = judged(pair, settings, atMs);
      if (candidate !== undefined) (candidates ??= []).push(candidate);
    }
  }
  return candidates ?? NOTHING;
}

const directions = (one: InstrumentView, other: InstrumentView): readonly CarryPair[] => [
  { kind: 'perpetual-perpetual', long: one, short: other },
  { kind: 'perpetual-perpetual', long: other, short: one },
];

function judged(pair: CarryPair, settings: FundingCarrySettings, atMs: Ms): Candidate | undefined {
  const window: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(atMs + settings.horizonMs),
    entryMarginMs: settings.settlementMarginMs,
    exitMarginMs: settings.settlementMarginMs,
  };
  const legs = fundedLegs(pair);
  const floorBps = toNumber(settings.grossEdgeBpsFloor) - SCREEN_TOLERANCE_BPS;
  const isWorth = (hold: Hold | undefined): boolean => (hold?.grossBps ?? -Infinity) >= floorBps;
  // What an open position would get: a pair is a candidate even when we come too late for it.
  if (!isWorth(bestHold(legs, { ...window, entryMarginMs: toMs(0) }))) return undefined;
  const question = { pair, settings, atMs };
  const gate = entryRefusal(question);
  if (gate !== undefined) return refused(pair, gate);
  const hold = bestHold(legs, window);
  const tooClose = isWorth(hold) ? undefined : settlementRefusal(question);
  if (tooClose !== undefined) return refused(pair, tooClose);
  if (hold === undefined) return undefined;
  const screenedBps = screenNetBps(pair, hold.grossBps, settings);
  if (screenedBps < toNumber(settings.netEdgeBpsMin) - SCREEN_TOLERANCE_BPS) {
    return refused(pair, netEdgeRefusal(toText(screenedBps), settings));
  }
  const verdict = confirm({ pair, hold, window, settings });
  if (verdict.kind === 'refused') return refused(pair, verdict.refusal);
  return {
    kind: 'accepted',
    opportunity: verdict.opportunity,
    plan: plan(verdict, settings),
  };
}

const refused = (pair: CarryPair, refusal: Refusal): Candidate => ({
  kind: 'refused',
  key: carryKey(pair),
  base: pair.long.instrument.base,
  strategy: STRATEGY_NAME,
  refusal,
});
