// How much of a pair can be traded: the wanted notional, cut to what both venues can order, and
// then proven against the depth of all four book sides. The size shrinks to the largest orders
// allowed, never to a thin book: a book that does not hold the size on the way in and on the way
// out refuses the trade.
import type { Instrument, Price, Qty, Refusal, Side, Usd } from '../domain/index.ts';
import {
  greatest,
  isLess,
  least,
  notional,
  opposite,
  over,
  toNumber,
  toQty,
  toStep,
} from '../domain/index.ts';
import { commonStep } from './step.ts';
import type { DepthFill, Levels } from './vwap.ts';
import { touchPrice, vwap } from './vwap.ts';

export interface SizableLeg {
  readonly side: Side;
  readonly instrument: Instrument;
  readonly bids: Levels;
  readonly asks: Levels;
}

export interface SizedLeg {
  readonly entry: DepthFill;
  readonly exit: DepthFill;
}

export type Sizing =
  | { readonly kind: 'sized'; readonly qty: Qty; readonly legs: readonly SizedLeg[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** More than float64 arithmetic can be off by, less than any step of a real size. */
const FLOAT_NOISE = 1e-12;
const STEP_NOISE = 1e-9;

type Legs = readonly [SizableLeg, ...SizableLeg[]];

export function sizing(legs: Legs, notionalUsd: Usd): Sizing {
  const asks = legs.map((leg) => touchPrice(leg.asks));
  const dearest = asks.reduce(higher);
  if (dearest === undefined || asks.includes(undefined)) return refused(emptyBook);
  const qty = orderableQty(legs, toQty(over(notionalUsd, dearest, 'down')));
  const qtyMin = legs.map((leg) => leg.instrument.qtyMin).reduce(greatest);
  if (isLess(qty, qtyMin) || qty === '0') {
    return refused({ gate: 'size', found: qty, limit: qtyMin, unit: 'qty' });
  }
  const sized: SizedLeg[] = [];
  for (const leg of legs) {
    const entry = through(leg, leg.side, qty);
    if (entry.kind === 'short') return refused(thinBook('depth-entry', entry.availableQty, qty));
    const exit = through(leg, opposite(leg.side), qty);
    if (exit.kind === 'short') return refused(thinBook('depth-exit', exit.availableQty, qty));
    const smallestUsd = notional(least(entry.worstPrice, exit.worstPrice), qty);
    const { notionalUsdMin } = leg.instrument;
    if (isLess(smallestUsd, notionalUsdMin)) {
      return refused({ gate: 'size', found: smallestUsd, limit: notionalUsdMin, unit: 'usd' });
    }
    sized.push({ entry, exit });
  }
  return { kind: 'sized', qty, legs: sized };
}

/**
 * A size in floats that is never above the exact one, so that what it costs is never above the
 * exact cost. Zero, which costs nothing, where the steps do not divide each other.
 */
export function screenQty(legs: Legs, notionalUsd: number): number {
  let step = 0;
  let wantedQty = Infinity;
  let dearest = 0;
  for (const { instrument, asks } of legs) {
    const legStep = toNumber(instrument.qtyStep);
    const stepRatio = legStep > step ? legStep / (step || legStep) : step / legStep;
    if (Math.abs(stepRatio - Math.round(stepRatio)) > STEP_NOISE) return 0;
    step = Math.max(step, legStep);
    wantedQty = Math.min(wantedQty, toNumber(instrument.qtyMax));
    dearest = Math.max(dearest, asks.priceAt(0));
  }
  wantedQty = Math.min(wantedQty, notionalUsd / dearest);
  return Math.floor((wantedQty / step) * (1 - FLOAT_NOISE)) * step;
}

function orderableQty(legs: Legs, wantedQty: Qty): Qty {
  const [first, ...others] = legs;
  const largest = legs.map((leg) => leg.instrument.qtyMax).reduce(least, wantedQty);
  const step = commonStep([first.instrument, ...others.map((leg) => leg.instrument)]);
  return toStep(largest, step, 'down');
}

function through(leg: SizableLeg, side: Side, qty: Qty): ReturnType<typeof vwap> {
  const levels = side === 'buy' ? leg.asks : leg.bids;
  return vwap({ levels, contractSize: leg.instrument.contractSize }, side, qty);
}

function higher(left: Price | undefined, right: Price | undefined): Price | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return greatest(left, right);
}

const emptyBook: Refusal = { gate: 'depth-entry', found: '0', limit: '1', unit: 'count' };

const thinBook = (gate: string, foundQty: Qty, wantedQty: Qty): Refusal => ({
  gate,
  found: foundQty,
  limit: wantedQty,
  unit: 'qty',
});

const refused = (refusal: Refusal): Sizing => ({ kind: 'refused', refusal });
