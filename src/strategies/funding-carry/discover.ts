// Looks for funding carry after every change of an instrument: both directions of every pair that
// it is part of. A bound on the funding in floats comes first; what was told a moment ago is left
// out; floats screen what is left; decimals confirm. A pair whose funding is under the floor is no
// candidate and leaves no word.
import type { Candidate, Refusal } from '../../domain/index.ts';
import { toMs, toNumber } from '../../domain/index.ts';
import type { FundingWindow } from '../../pricing/funding-flow.ts';
import { receivableBps } from '../../pricing/funding-flow.ts';
import type { Hold } from '../../pricing/hold.ts';
import { bestHold } from '../../pricing/hold.ts';
import type { Strategy } from '../strategy.ts';
import type { CarryPair } from './carry-pair.ts';
import { arePartners, CarryPairs, fundedLegs, STRATEGY_NAME } from './carry-pair.ts';
import { confirm } from './confirm.ts';
import type { GateQuestion } from './gates.ts';
import { entryRefusal, netEdgeRefusal, settlementRefusal, toText } from './gates.ts';
import { plan } from './plan.ts';
import { SCREEN_TOLERANCE_BPS, screenNetBps } from './screen.ts';
import type { FundingCarrySettings } from './settings.ts';

const NOTHING: readonly Candidate[] = [];

export function discovery(settings: FundingCarrySettings): Strategy['discover'] {
  const pairs = new CarryPairs();
  const floorBps = toNumber(settings.grossEdgeBpsFloor) - SCREEN_TOLERANCE_BPS;
  return (market, changed, atMs, isTold) => {
    let worth: CarryPair[] | undefined;
    const longBps = receivableBps('buy', changed.funding);
    const shortBps = receivableBps('sell', changed.funding);
    for (const other of market.withBase(changed.instrument.base)) {
      const isLongWorth = longBps + receivableBps('sell', other.funding) >= floorBps;
      const isShortWorth = receivableBps('buy', other.funding) + shortBps >= floorBps;
      if ((!isLongWorth && !isShortWorth) || !arePartners(changed, other)) continue;
      worth ??= [];
      if (isLongWorth) worth.push(pairs.pair(changed, other));
      if (isShortWorth) worth.push(pairs.pair(other, changed));
    }
    if (worth === undefined) return NOTHING;
    return worth
      .filter(({ key }) => !isTold(key))
      .flatMap((pair) => judged({ pair, settings, atMs }, floorBps) ?? []);
  };
}

function judged(question: GateQuestion, floorBps: number): Candidate | undefined {
  const { pair, settings, atMs } = question;
  const window: FundingWindow = {
    fromAtMs: atMs,
    toAtMs: toMs(atMs + settings.horizonMs),
    entryMarginMs: settings.settlementMarginMs,
    exitMarginMs: settings.settlementMarginMs,
  };
  const legs = fundedLegs(pair);
  // What an open position would get: a pair is a candidate even when we come too late for it.
  if (!isWorth(bestHold(legs, { ...window, entryMarginMs: toMs(0) }), floorBps)) return undefined;
  const gate = entryRefusal(question);
  if (gate !== undefined) return refused(pair, gate);
  const hold = bestHold(legs, window);
  const tooClose = isWorth(hold, floorBps) ? undefined : settlementRefusal(question);
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

const isWorth = (hold: Hold | undefined, floorBps: number): boolean =>
  hold !== undefined && hold.grossBps >= floorBps;

const refused = (pair: CarryPair, refusal: Refusal): Candidate => ({
  kind: 'refused',
  key: pair.key,
  base: pair.long.instrument.base,
  strategy: STRATEGY_NAME,
  refusal,
});
